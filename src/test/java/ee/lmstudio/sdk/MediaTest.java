package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.GeneratedImage;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Speech and images, and what all of audio and images have in common. */
@Timeout(60)
class MediaTest {
  private static final SpeechRequest SPEECH = SpeechRequest.of("anna", "Good morning");
  private static final ImageRequest IMAGE = ImageRequest.of("a bicycle");
  private static final AudioSource SOUND =
      AudioSource.of("a.wav", () -> new ByteArrayInputStream(new byte[] {1, 2, 3}));

  private static final Script VERSION =
      Script.respondWithJson(200, "{\"status\":\"ok\",\"lmstudio_version\":\"0.2.21\"}");

  private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
  private ScriptedLmStudio lmStudio;

  private LmStudio connect(UnaryOperator<LmStudioSettings.Builder> more, Script... scripts) {
    lmStudio =
        new ScriptedLmStudio(s -> more.apply(s.audioEnabled(true).imagesEnabled(true)))
            .answering(scripts);
    lmStudio.server.enqueue("/health", VERSION);
    return lmStudio.sdk;
  }

  private LmStudio connect(Script... scripts) {
    return connect(UnaryOperator.identity(), scripts);
  }

  @AfterEach
  void close() {
    if (lmStudio != null) {
      lmStudio.close();
    }
  }

  /** What was sent beside the question for the version. */
  private List<SimulatorRequest> posted() {
    return lmStudio.server.requests().stream().filter(r -> r.method().equals("POST")).toList();
  }

  private static Script audio(String body) {
    return Script.respondWith(200, "audio/mpeg").body(body);
  }

  static Stream<Consumer<LmStudio>> calls() {
    return Stream.of(
        sdk -> sdk.createTranscription(TranscriptionRequest.of(SOUND)),
        sdk -> sdk.createTranslation(TranscriptionRequest.of(SOUND)),
        sdk -> sdk.createSpeech(SPEECH, OutputStream.nullOutputStream()),
        sdk -> sdk.createImage(IMAGE));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void switchedOff_namesTheFlagAndSendsNothing(Consumer<LmStudio> call) {
    connect(s -> s.audioEnabled(false).imagesEnabled(false));
    assertThatThrownBy(() -> call.accept(lmStudio.sdk))
        .isInstanceOf(FeatureUnavailableException.class)
        .extracting(e -> ((LmStudioException) e).hint())
        .asString()
        .matches("Set `(audio|images)Enabled\\(true\\)` .*");
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  /** The client's own message quotes them, and a log shows the messages of causes. */
  @Test
  void chunksThatCannotBeRead_areNotQuoted() {
    String chunks = "4\r\nRIFF\r\n" + "a private answer" + "\r\n";
    connect(
        Script.respondWithRaw(
            ("HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunks)
                .getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, sink))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("cannot be read")
        .satisfies(e -> assertThat(e.getCause()).hasMessageNotContaining("private").hasNoCause());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void lmStudioWithoutTheEndpoint_saysSo(Consumer<LmStudio> call) {
    connect(Script.respondWithJson(200, Recorded.text("unknown-route-200.json")));
    assertThatThrownBy(() -> call.accept(lmStudio.sdk))
        .isInstanceOf(FeatureUnavailableException.class)
        .hasMessageContaining("Unexpected endpoint");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void invitingError_isAskedAgainUntilTheBudgetEnds(Consumer<LmStudio> call) {
    Script busy = Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0");
    connect(busy, busy, busy);
    assertThatThrownBy(() -> call.accept(lmStudio.sdk))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("busy");
    assertThat(posted()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void generationLimit_endsTheWaitAndNoOtherDoes(Consumer<LmStudio> call) {
    Duration tiny = Duration.ofMillis(50);
    Duration plenty = Duration.ofSeconds(30);
    // The call limit is for finding out the version first, which a busy machine does slowly.
    LmStudioSettings.Limits limits =
        new LmStudioSettings.Limits(plenty, plenty, tiny.multipliedBy(20), tiny, tiny);
    connect(s -> s.limits(limits), audio("x").stallAt(0));
    assertThatThrownBy(() -> call.accept(lmStudio.sdk))
        .isInstanceOfSatisfying(
            TimeoutException.class,
            e -> assertThat(e.limit()).isEqualTo(TimeoutException.Limit.GENERATION));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void interruptedThread_isCancelled(Consumer<LmStudio> call) throws Exception {
    connect(audio("x").stallAt(0));
    assertThat(lmStudio.thrownWhenInterrupted(call)).isInstanceOf(CancelledException.class);
  }

  @Test
  void speech_goesToItsSinkAndIsDescribed() {
    String body = "sound".repeat(50_000);
    Speech speech =
        connect(audio(body)).createSpeech(SPEECH.withModel("m").withFormat("mp3"), sink);
    assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo(body);
    assertThat(speech.bytes()).isEqualTo(body.length());
    assertThat(speech.contentType()).isEqualTo("audio/mpeg");
    assertThat(speech.took()).isPositive();
    SimulatorRequest sent = posted().get(0);
    assertThat(sent.path()).isEqualTo("/v1/audio/speech");
    assertThat(JsonText.readObject(sent.bodyText()))
        .isEqualTo(
            JsonText.readObject(
                "{\"model\":\"m\",\"input\":\"Good morning\",\"voice\":\"anna\","
                    + "\"format\":\"mp3\",\"response_format\":\"mp3\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ raw samples", "{\"a\":1}"})
  void audioThatOnlyLooksLikeAnError_isAudio(String body) {
    connect(audio(body)).createSpeech(SPEECH, sink);
    assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|{\"error\":\"no such voice\"}",
        "audio/mpeg|{\"error\":\"no such voice\"}",
        "text/plain|no such voice",
        "text/html|<html><title>no such voice</title>",
      })
  void errorInPlaceOfAudio_neverReachesTheSink(String type, String body) {
    connect(Script.respondWith(200, type).body(body));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, sink))
        .isInstanceOf(LmStudioException.class)
        .hasMessageContaining("no such voice");
    assertThat(sink.size()).isZero();
  }

  @Test
  void speechOfAnUnreadableType_isNotLmStudios() {
    connect(Script.respondWith(200, "audio").body("x"));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, sink))
        .isInstanceOf(ProtocolException.class);
    assertThat(sink.size()).isZero();
  }

  @Test
  void speechWithoutAType_isTaken() {
    byte[] raw = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nxyz".getBytes(StandardCharsets.UTF_8);
    assertThat(connect(Script.respondWithRaw(raw)).createSpeech(SPEECH, sink).contentType())
        .isEqualTo("application/octet-stream");
    assertThat(sink.size()).isEqualTo(3);
  }

  @Test
  void speechWithoutAByte_isRefused() {
    connect(audio(""));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, sink))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("without any audio");
  }

  @Test
  void speechThatBreaksOff_leavesWhatCameAndIsNotAskedAgain() {
    connect(audio("sound").cutAt(3));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, sink))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("broke off");
    assertThat(sink).hasToString("sou");
    assertThat(posted()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sinkThatFails_isTheCallersOwnFault(boolean whenFlushed) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (!whenFlushed) {
              throw new IOException("disk full");
            }
          }

          @Override
          public void flush() throws IOException {
            throw new IOException("disk full");
          }
        };
    connect(audio("sound"));
    assertThatThrownBy(() -> lmStudio.sdk.createSpeech(SPEECH, full))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("disk full");
    assertThat(posted()).hasSize(1);
  }

  @Test
  void images_comeWholeOrAsAddresses(@TempDir Path folder) throws Exception {
    byte[] png = "not really a PNG".repeat(2000).getBytes(StandardCharsets.UTF_8);
    String json =
        "{\"created\":1700000000,\"data\":[{\"b64_json\":\"%s\",\"revised_prompt\":\"a red one\"},"
                .formatted(Base64.getEncoder().encodeToString(png))
            + "{\"url\":\"http://elsewhere.example/i.png\",\"seed\":7}],\"took\":3}";
    ImageRequest request =
        ImageRequest.builder("a bicycle")
            .model("m")
            .n(2)
            .size("512x512")
            .delivery(ImageRequest.Delivery.B64_JSON)
            .build();
    ImageAnswer answer = connect(Script.respondWithJson(200, json)).createImage(request);
    assertThat(answer.created()).hasValue(Instant.ofEpochSecond(1_700_000_000));
    GeneratedImage whole = answer.images().get(0);
    Path file = folder.resolve("i.png");
    assertThat(whole.writeTo(file)).isEqualTo(png.length);
    assertThat(Files.readAllBytes(file)).isEqualTo(png);
    assertThat(whole.open().readAllBytes()).isEqualTo(png);
    assertThat(whole.revisedPrompt()).hasValue("a red one");
    assertThat(answer.images().get(1).url().orElseThrow()).hasHost("elsewhere.example");
    assertThatThrownBy(answer.images().get(1)::open).isInstanceOf(IllegalStateException.class);
    assertThat(answer.toJson()).isEqualTo(JsonText.readObject(json).orElseThrow());
    assertThat(posted()).hasSize(1);
    assertThat(JsonText.readObject(posted().get(0).bodyText())).hasValue(request.toJson());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":[]}",
        "{\"data\":7}",
        "{\"data\":[7]}",
        "{\"data\":[{}]}",
        "{\"data\":[{\"url\":\"http://no address\"}]}",
        "{}",
        "<html>"
      })
  void answerWithoutImages_isRefused(String json) {
    connect(Script.respondWithJson(200, json));
    assertThatThrownBy(() -> lmStudio.sdk.createImage(IMAGE)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAA!AAA", "AAA", "A\\u00e9AA"})
  void imageThatIsNoBase64_isRefusedWhenItIsRead(String base64, @TempDir Path folder) {
    GeneratedImage image =
        connect(Script.respondWithJson(200, "{\"data\":[{\"b64_json\":\"" + base64 + "A\"}]}"))
            .createImage(IMAGE)
            .images()
            .get(0);
    if (base64.equals("AAA")) {
      image = GeneratedImage.of(JsonText.readObject("{\"b64_json\":\"AAAAA\"}").orElseThrow());
    }
    GeneratedImage wrong = image;
    assertThatThrownBy(() -> wrong.writeTo(folder.resolve("i.png")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("not valid base64");
  }

  @Test
  void imagesWithoutDate_haveNone() {
    Script noDate =
        Script.respondWithJson(200, "{\"created\":-5,\"data\":[{\"b64_json\":\"AAAA\"}]}");
    assertThat(connect(noDate).createImage(IMAGE).created()).isEmpty();
  }
}
