package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.api.Api.json;
import static ee.lmstudio.http.openai.MediaServer.IMAGES;
import static ee.lmstudio.http.openai.MediaServer.SPEECH;
import static ee.lmstudio.http.openai.MediaServer.TRANSCRIPTIONS;
import static ee.lmstudio.http.openai.RecordingForms.BOUNDARY;
import static ee.lmstudio.http.openai.RecordingForms.field;
import static ee.lmstudio.http.openai.RecordingForms.file;
import static ee.lmstudio.http.openai.RecordingForms.filesOfBodies;
import static ee.lmstudio.http.openai.RecordingForms.form;
import static ee.lmstudio.http.openai.RecordingForms.inBytes;
import static ee.lmstudio.http.openai.RecordingForms.recording;
import static ee.lmstudio.http.openai.RecordingForms.whole;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audio and images at the OpenAI door, with an LM Studio that has them. */
@ExtendWith(MediaServer.class)
@Timeout(120)
class OpenAiMediaIT {
  private static Api api;

  @BeforeAll
  static void use(Api server) {
    api = server;
  }

  private static HttpResponse<byte[]> bytes(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofByteArray());
    }
  }

  private static SimulatorRequest lastRequest(String path) {
    return api.lmStudio().requests().stream()
        .filter(request -> request.path().equals("/v1/" + path))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static String sentTo(String path) {
    return new String(lastRequest(path).body(), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {TRANSCRIPTIONS, "audio/translations"})
  void recordingAndFields_reachLmStudioUnchanged(String path) throws Exception {
    String recording = recording(300_000);
    HttpResponse<String> answer =
        api.send(
            form(
                api,
                path,
                field("model", "whisper-sim"),
                field("language", "de"),
                field("prompt", inBytes("L\u00fcbeck")),
                field("temperature", "0.5"),
                field("timestamp_granularities[]", "word"),
                field("timestamp_granularities[]", "segment"),
                file(recording)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer.body()).getString("text")).isNotBlank();
    assertThat(sentTo(path))
        .contains(recording, inBytes("L\u00fcbeck"))
        .contains("filename=\"a.wav\"", "audio/wav", "whisper-sim")
        .contains("\r\n\r\nword\r\n", "\r\n\r\nsegment\r\n")
        .contains("name=\"language\"", "name=\"temperature\"");
  }

  @ParameterizedTest
  @CsvSource({
    "json, application/json",
    "verbose_json, application/json",
    "text, text/plain;charset=utf-8",
    "srt, text/plain;charset=utf-8",
    "vtt, text/vtt;charset=utf-8"
  })
  void transcript_isWhatLmStudioSends(String format, String type) throws Exception {
    HttpResponse<String> answer =
        api.send(form(api, TRANSCRIPTIONS, file("RIFF"), field("response_format", format)));
    assertThat(header(answer, "Content-Type").replace(" ", "").toLowerCase()).isEqualTo(type);
    HttpRequest direct =
        HttpRequest.newBuilder(api.lmStudio().url().resolve("/v1/" + TRANSCRIPTIONS))
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofString(whole(file("RIFF"), field("response_format", format))))
            .build();
    String same = api.send(direct).body();
    if (format.endsWith("json")) {
      assertThat(json(answer.body())).isEqualTo(json(same));
    } else {
      assertThat(answer.body()).isEqualTo(same);
    }
  }

  @Test
  void streamedTranscript_isOpenAisEventsAndCanBeReadAgain() throws Exception {
    HttpResponse<String> answer =
        api.send(form(api, TRANSCRIPTIONS, file("RIFF"), field("stream", "true")));
    assertThat(header(answer, "Content-Type")).startsWith(EVENTS);
    List<JsonObject> events = Door.data(answer.body()).stream().map(Api::json).toList();
    assertThat(events)
        .extracting(event -> event.getString("type"))
        .containsExactly("transcript.text.delta", "transcript.text.done");
    assertThat(events.getFirst().getString("delta")).isEqualTo(events.getLast().getString("text"));
    assertThat(sentTo(TRANSCRIPTIONS)).doesNotContain("name=\"stream\"");

    HttpRequest again =
        Door.at(api, PayaraServer.ALICE, "streams/" + header(answer, "X-Stream-Id"))
            .header("Accept", EVENTS)
            .build();
    assertThat(Door.data(api.send(again).body())).isEqualTo(Door.data(answer.body()));
  }

  @Test
  void speech_isTheAudioThatLmStudioSends() throws Exception {
    byte[] audio = recording(300_000).getBytes(ISO_8859_1);
    api.lmStudio().enqueue("/v1/" + SPEECH, Script.respondWith(200, "audio/mpeg").body(audio));
    HttpResponse<byte[]> answer =
        bytes(
            Door.post(
                api, SPEECH, "{\"input\":\"hi\",\"voice\":\"v\",\"speed\":2,\"model\":null}"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(answer.body()).isEqualTo(audio);
    assertThat(json(sentTo(SPEECH)))
        .isEqualTo(json("{\"speed\":2,\"input\":\"hi\",\"voice\":\"v\"}"));
  }

  @Test
  void streamedSpeech_isOpenAisEvents() throws Exception {
    byte[] audio = recording(60_000).getBytes(ISO_8859_1);
    api.lmStudio().enqueue("/v1/" + SPEECH, Script.respondWith(200, "audio/mpeg").body(audio));
    HttpResponse<String> answer =
        api.send(Door.post(api, SPEECH, "{\"input\":\"hi\",\"stream_format\":\"sse\"}"));
    assertThat(header(answer, "Content-Type")).startsWith(EVENTS);
    List<JsonObject> events = Door.data(answer.body()).stream().map(Api::json).toList();
    assertThat(events.getLast().getString("type")).isEqualTo("speech.audio.done");
    String base64 =
        events.stream().map(event -> event.getString("audio", "")).collect(Collectors.joining());
    assertThat(Base64.getDecoder().decode(base64)).isEqualTo(audio);
    assertThat(json(sentTo(SPEECH))).isEqualTo(json("{\"input\":\"hi\"}"));
  }

  @Test
  void images_areThoseOfLmStudio() throws Exception {
    HttpResponse<String> answer = api.send(Door.post(api, IMAGES, "{\"prompt\":\"a\",\"n\":2}"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<JsonObject> images =
        json(answer.body()).getJsonArray("data").getValuesAs(JsonObject.class);
    assertThat(images).hasSize(2).allMatch(image -> image.containsKey("b64_json"));

    HttpResponse<String> events =
        api.send(Door.post(api, IMAGES, "{\"prompt\":\"a\",\"n\":2,\"stream\":true}"));
    assertThat(Door.data(events.body()).stream().map(Api::json))
        .extracting(event -> event.getString("type"), event -> event.getString("b64_json"))
        .containsExactly(
            tuple("image_generation.completed", images.getFirst().getString("b64_json")),
            tuple("image_generation.completed", images.getLast().getString("b64_json")));
  }

  @Test
  void clientThatLeaves_endsTheCallAndItsFile() throws Exception {
    api.lmStudio()
        .enqueue(
            "/v1/" + TRANSCRIPTIONS, Script.respondWithJson(200, "{\"text\":\"x\"}").stallAt(5));
    CompletableFuture<HttpResponse<String>> answer =
        api.sendAsync(form(api, TRANSCRIPTIONS, file(recording(100_000))));
    assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    assertThat(filesOfBodies()).hasSize(1);
    answer.cancel(true);
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void cancelledSpeech_isNeverAWholeAnswer() throws Exception {
    api.lmStudio()
        .enqueue(
            "/v1/" + SPEECH,
            Script.respondWith(200, "audio/wav")
                .body(recording(100_000).getBytes(ISO_8859_1))
                .stallAt(50_000));
    CompletableFuture<HttpResponse<String>> answer =
        api.sendAsync(Door.post(api, SPEECH, "{\"model\":\"talker\",\"input\":\"hi\"}"));
    assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    String id = api.awaitStream("talker").getString("stream_id");
    HttpRequest delete = Door.at(api, PayaraServer.ALICE, "streams/" + id).DELETE().build();
    assertThat(json(api.send(delete).body()).getString("status")).isEqualTo("cancelled");
    assertThat(answer.get().statusCode()).isEqualTo(409);
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void audioThatBreaksOff_isAnError() throws Exception {
    api.lmStudio()
        .enqueue("/v1/" + SPEECH, Script.respondWith(200, "audio/wav").body("RIFF....").resetAt(4));
    HttpResponse<String> answer = api.send(Door.post(api, SPEECH, "{\"input\":\"hi\"}"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
  }

  @Test
  void answerOverTheLimitOfAStream_isAnswerTooLarge() throws Exception {
    byte[] audio = new byte[40 << 20];
    api.lmStudio().enqueue("/v1/" + SPEECH, Script.respondWith(200, "audio/wav").body(audio));
    HttpResponse<String> answer = api.send(Door.post(api, SPEECH, "{\"input\":\"hi\"}"));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(Door.error(answer).getString("code")).isEqualTo("answer_too_large");
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void repeatedRequestWithTheSameKey_isPostedOnce() throws Exception {
    long before = posts(TRANSCRIPTIONS);
    HttpResponse<String> first = keyed(file("RIFF"));
    HttpResponse<String> second = keyed(file("RIFF"));
    assertThat(header(first, "Idempotent-Replay")).isEmpty();
    assertThat(header(second, "Idempotent-Replay")).isEqualTo("true");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(posts(TRANSCRIPTIONS)).isEqualTo(before + 1);
    assertThat(keyed(file("RIFX")).statusCode()).isEqualTo(409);
  }

  private static HttpResponse<String> keyed(String recording) throws Exception {
    return api.send(
        form(api, TRANSCRIPTIONS, BodyPublishers.ofString(whole(recording)))
            .header("Idempotency-Key", "one-recording"));
  }

  private static long posts(String path) {
    return api.lmStudio().requests().stream()
        .filter(request -> request.path().equals("/v1/" + path))
        .count();
  }

  /** Only the caller sees the prompt and the answer. Nobody sees LM Studio's key. */
  @ParameterizedTest
  @ValueSource(strings = {TRANSCRIPTIONS, "audio/translations", SPEECH, IMAGES})
  void promptsAnswersAndKeys_areShownToNobodyElse(String path) throws Exception {
    String canary = "canary-7f3e";
    String request = "{\"input\":\"%1$s\",\"prompt\":\"%1$s\"}".formatted(canary);
    HttpRequest ask =
        path.contains("trans")
            ? form(api, path, file(canary), field("prompt", canary), field("x", canary))
            : Door.post(api, path, request);
    assertThat(api.send(ask).statusCode()).isEqualTo(200);
    assertThat(sentTo(path)).contains(canary);
    for (int status : new int[] {400, 401, 404, 429, 500}) {
      String echo = "{\"error\":{\"message\":\"Cannot use %s %s\"}}";
      api.lmStudio()
          .enqueue(
              "/v1/" + path,
              Script.respondWithJson(status, echo.formatted(ContractServer.KEY, canary)));
      HttpResponse<String> refused = api.send(ask);
      assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(refused.body()).doesNotContain(ContractServer.KEY);
    }
    assertThat(api.send(api.as(PayaraServer.ADMIN, "streams?all=true")).body())
        .doesNotContain(canary);
    assertThat(api.send(api.as(PayaraServer.ADMIN, "health")).body()).doesNotContain(canary);
    assertThat(api.server().log()).doesNotContain(canary, ContractServer.KEY);
  }
}
