package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptFormat;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcription and translation: the form that goes out, the five forms that come back. */
@Timeout(60)
class TranscriptionTest {
  private static final AudioSource SOUND =
      AudioSource.of("a.wav", () -> new ByteArrayInputStream("RIFF\r\n".getBytes()));
  private static final Script BUSY =
      Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0");

  private static final Script VERSION =
      Script.respondWithJson(200, "{\"status\":\"ok\",\"lmstudio_version\":\"0.2.21\"}");

  private static ScriptedLmStudio answering(Script... scripts) {
    ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.audioEnabled(true));
    lmStudio.server.enqueue("/health", VERSION);
    return lmStudio.answering(scripts);
  }

  /** What was sent beside the question for the version. */
  private static List<SimulatorRequest> posted(ScriptedLmStudio lmStudio) {
    return lmStudio.server.requests().stream().filter(r -> r.method().equals("POST")).toList();
  }

  private static Transcript transcript(TranscriptFormat format, Script script) {
    try (ScriptedLmStudio lmStudio = answering(script)) {
      return lmStudio.sdk.createTranscription(
          TranscriptionRequest.builder(SOUND).format(format).build());
    }
  }

  @Test
  void form_hasTheFieldsAndTheRecording() {
    try (ScriptedLmStudio lmStudio = answering(Script.respondWithJson(200, "{\"text\":\"hi\"}"))) {
      AudioSource sound = AudioSource.of("my \"own\".WAV", SOUND.opener());
      Transcript transcript =
          lmStudio.sdk.createTranscription(
              TranscriptionRequest.builder(sound)
                  .model("whisper")
                  .language("de")
                  .prompt("Zürich")
                  .temperature(0.5)
                  .field("timestamp_granularities[]", "word")
                  .build());
      assertThat(transcript.text()).isEqualTo("hi");
      assertThat(transcript.segments()).isEmpty();
      assertThat(transcript.duration()).isEmpty();
      SimulatorRequest sent = posted(lmStudio).get(0);
      assertThat(sent.path()).isEqualTo("/v1/audio/transcriptions");
      String type = sent.header("Content-Type").orElseThrow();
      assertThat(type).startsWith("multipart/form-data;");
      String boundary = type.substring(type.indexOf("boundary=") + 9).replace("\"", "");
      String part = "\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
      assertThat(sent.bodyText())
          .isEqualTo(
              part
                  + "timestamp_granularities[]\"\r\n\r\nword"
                  + part
                  + "model\"\r\n\r\nwhisper"
                  + part
                  + "language\"\r\n\r\nde"
                  + part
                  + "prompt\"\r\n\r\nZürich"
                  + part
                  + "temperature\"\r\n\r\n0.5"
                  + part
                  + "response_format\"\r\n\r\njson"
                  + part
                  + "file\"; filename=\"my %22own%22.WAV\"\r\nContent-Type: audio/wav"
                  + "\r\n\r\nRIFF\r\n\r\n--"
                  + boundary
                  + "--\r\n");
    }
  }

  @Test
  void translation_isTheSameFormAtItsOwnAddress() {
    try (ScriptedLmStudio lmStudio = answering(Script.respondWithJson(200, "{\"text\":\"hi\"}"))) {
      TranscriptionRequest request =
          TranscriptionRequest.builder(SOUND)
              .model("w")
              .language("de")
              .prompt("p")
              .temperature(0)
              .build();
      assertThat(lmStudio.sdk.createTranslation(request).text()).isEqualTo("hi");
      SimulatorRequest sent = posted(lmStudio).get(0);
      assertThat(sent.path()).isEqualTo("/v1/audio/translations");
      assertThat(sent.bodyText())
          .contains("name=\"language\"\r\n\r\nde", "name=\"temperature\"\r\n\r\n0.0");
      assertThat(request.toBuilder().build()).isEqualTo(request);
    }
  }

  @Test
  void verboseJson_isReadWithTimesAndUnknownFields() {
    String json =
        "{\"task\":\"transcribe\",\"language\":\"english\",\"duration\":2.5,\"text\":\"Hi there\","
            + "\"segments\":[{\"id\":0,\"start\":0.0,\"end\":1.25,\"text\":\"Hi there\","
            + "\"avg_logprob\":-0.3}],"
            + "\"words\":[{\"word\":\"Hi\",\"start\":0,\"end\":0.5}]}";
    Transcript transcript =
        transcript(TranscriptFormat.VERBOSE_JSON, Script.respondWithJson(200, json));
    assertThat(transcript.language()).hasValue("english");
    assertThat(transcript.duration()).hasValue(Duration.ofMillis(2500));
    Transcript.Segment segment = transcript.segments().get(0);
    assertThat(segment.end()).isEqualTo(Duration.ofMillis(1250));
    assertThat(segment.text()).isEqualTo("Hi there");
    assertThat(segment.json().getJsonNumber("avg_logprob").doubleValue()).isEqualTo(-0.3);
    assertThat(transcript.words())
        .containsExactly(new Transcript.Word(Duration.ZERO, Duration.ofMillis(500), "Hi"));
    assertThat(transcript.json()).isEqualTo(JsonText.readObject(json).orElseThrow());
    assertThat(transcript + "" + segment + transcript.words()).doesNotContain("Hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"x\",\"segments\":[7]}",
        "{\"text\":\"x\",\"segments\":[{\"start\":0,\"text\":\"x\"}]}",
        "{\"text\":\"x\",\"segments\":[{\"start\":-1,\"end\":1,\"text\":\"x\"}]}",
        "{\"text\":\"x\",\"segments\":[{\"start\":0,\"end\":1}]}",
        "{\"text\":\"x\",\"duration\":1e300}",
        "{\"words\":[]}",
        "[]",
        "no JSON"
      })
  void transcriptThatIsNone_isRefused(String json) {
    assertThatThrownBy(
            () -> transcript(TranscriptFormat.VERBOSE_JSON, Script.respondWithJson(200, json)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void timeThatIsSomebodysText_isNotQuoted() {
    String json = "{\"text\":\"x\",\"words\":[{\"start\":\"canary\",\"end\":1,\"word\":\"x\"}]}";
    assertThatThrownBy(
            () -> transcript(TranscriptFormat.VERBOSE_JSON, Script.respondWithJson(200, json)))
        .hasMessageContaining("start is not a time")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "srt", "vtt", "lrc"})
  void textForms_comeAsTheyAre(TranscriptFormat format) {
    String text = "1\n00:00:00,000 --> 00:00:01,000\nGrüezi\n".repeat(5000);
    Transcript transcript =
        transcript(format, Script.respondWith(200, "text/plain; charset=utf-8").body(text));
    assertThat(transcript.text()).isEqualTo(text);
    assertThat(transcript.format()).isEqualTo(format);
    assertThat(transcript.json()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '{\"error\":\"no speech model\"}'",
    "text/plain, '{\"error\":\"no speech model\"}'",
    "text/html, <html><title>no speech model"
  })
  void errorInPlaceOfText_isAnError(String type, String body) {
    assertThatThrownBy(
            () -> transcript(TranscriptFormat.TEXT, Script.respondWith(200, type).body(body)))
        .isInstanceOf(LmStudioException.class)
        .hasMessageContaining("no speech model");
  }

  @Test
  void compressedText_isRefused() {
    Script gzip =
        Script.respondWith(200, "text/plain").header("Content-Encoding", "gzip").body("x");
    assertThatThrownBy(() -> transcript(TranscriptFormat.TEXT, gzip))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("compressed");
  }

  @Test
  void endlessTranscript_isRefused() {
    Script large = Script.respondWith(200, "text/plain").body(new byte[(16 << 20) + 1]);
    assertThatThrownBy(() -> transcript(TranscriptFormat.TEXT, large))
        .isInstanceOf(AnswerTooLargeException.class);
  }

  @Test
  void retry_readsTheRecordingAgainFromItsBeginning() {
    AtomicInteger opened = new AtomicInteger();
    AudioSource counted =
        AudioSource.of(
            "a.wav",
            () -> {
              opened.incrementAndGet();
              return SOUND.opener().open();
            });
    try (ScriptedLmStudio lmStudio =
        answering(BUSY, Script.respondWithJson(200, "{\"text\":\"hi\"}"))) {
      lmStudio.sdk.createTranscription(TranscriptionRequest.of(counted));
      assertThat(opened).hasValue(2);
      assertThat(posted(lmStudio)).hasSize(2).allMatch(sent -> sent.bodyText().contains("RIFF"));
    }
  }

  @Test
  void recordingThatCanBeReadOnce_isSentOnce() {
    try (ScriptedLmStudio lmStudio = answering(BUSY)) {
      AudioSource once = AudioSource.once("a.wav", new ByteArrayInputStream(new byte[] {1}));
      assertThatThrownBy(() -> lmStudio.sdk.createTranscription(TranscriptionRequest.of(once)))
          .isInstanceOf(ServerException.class);
      assertThat(posted(lmStudio)).hasSize(1);
    }
  }

  @Test
  void recordingThatFailsHalfway_isNeverTakenForAWhole() {
    InputStream failing =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() throws IOException {
            if (left-- <= 0) {
              throw new IOException("tape torn");
            }
            return 7;
          }
        };
    try (ScriptedLmStudio lmStudio = answering(Script.respondWithJson(200, "{\"text\":\"hi\"}"))) {
      AudioSource torn = AudioSource.of("a.wav", () -> failing);
      assertThatThrownBy(() -> lmStudio.sdk.createTranscription(TranscriptionRequest.of(torn)))
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseMessage("tape torn");
      assertThat(posted(lmStudio)).isEmpty();
    }
  }

  @Test
  void missingFile_isSaid(@TempDir Path folder) {
    try (ScriptedLmStudio lmStudio = answering()) {
      AudioSource none = AudioSource.of(folder.resolve("none.mp3"));
      assertThatThrownBy(() -> lmStudio.sdk.createTranscription(TranscriptionRequest.of(none)))
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseInstanceOf(NoSuchFileException.class);
    }
  }

  /** 200 MiB through a thread that allocates less than a tenth of it. */
  @Test
  void largeRecording_isNeverInMemory(@TempDir Path folder) throws Exception {
    long size = 200L << 20;
    Path file = folder.resolve("long.wav");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    AtomicLong received = new AtomicLong();
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(here, 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(404, -1));
    server.createContext(
        "/v1/audio/transcriptions",
        exchange -> {
          byte[] buffer = new byte[1 << 16];
          InputStream in = exchange.getRequestBody();
          for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            received.addAndGet(count);
          }
          byte[] answer = "{\"text\":\"silence\"}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try (LmStudio sdk =
        LmStudio.connect(
            LmStudioSettings.builder()
                .baseUrl(java.net.URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .audioEnabled(true)
                .build())) {
      // Finding out the version is not what is measured, nor the client that it needs.
      sdk.capabilities();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      Transcript transcript =
          sdk.createTranscription(TranscriptionRequest.of(AudioSource.of(file)));
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(transcript.text()).isEqualTo("silence");
      assertThat(received.get()).isGreaterThan(size);
      assertThat(allocated).isLessThan(size / 10);
    } finally {
      server.stop(0);
      Files.delete(file);
    }
  }
}
