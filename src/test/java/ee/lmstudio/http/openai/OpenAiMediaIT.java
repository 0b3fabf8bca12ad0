package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.api.Api.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audio and images at the OpenAI door, with an LM Studio that has them. */
@Timeout(120)
class OpenAiMediaIT {
  private static final String TRANSCRIPTIONS = "audio/transcriptions";
  private static final String SPEECH = "audio/speech";
  private static final String IMAGES = "images/generations";
  private static final String BOUNDARY = "the-boundary";
  private static final int MOST = 1 << 20;

  private static ContractServer.Shared shared;
  private static Api api;

  @BeforeAll
  static void start() {
    shared =
        new ContractServer.Shared(
            server ->
                server
                    .config("lm-studio.enable-audio", "true")
                    .config("lm-studio.enable-images", "true")
                    .config("lm-studio.max-audio-bytes", "" + MOST)
                    .config("lm-studio.body-timeout", "1s"),
            ContractServer.FAST.withVersion(SimulatedVersion.parse("0.2.21")));
    api = shared.api();
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  @AfterEach
  void nothingIsLeftOver() throws Exception {
    api.lmStudio().forgetScripts();
    for (long end = System.nanoTime() + LIMIT.toNanos(); !filesOfBodies().isEmpty(); ) {
      assertThat(System.nanoTime() - end)
          .as("files that are open: " + filesOfBodies())
          .isNegative();
    }
  }

  /** Returns the temporary files that the server has open, although their names are removed. */
  private static List<String> filesOfBodies() {
    return ProcessHandle.current()
        .descendants()
        .flatMap(process -> descriptors(process.pid()))
        .filter(file -> file.contains("lmstudio-body-"))
        .toList();
  }

  private static Stream<String> descriptors(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.map(OpenAiMediaIT::target).toList().stream();
    } catch (IOException gone) {
      return Stream.empty();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  private static String file(String content) {
    return "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
            .formatted(BOUNDARY)
        + "Content-Type: audio/wav\r\n\r\n"
        + content
        + "\r\n";
  }

  /** Returns the UTF-8 of a text, with each byte as one character. */
  private static String inBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), ISO_8859_1);
  }

  private static HttpRequest form(String path, String... parts) {
    return form(path, BodyPublishers.ofString(whole(parts), ISO_8859_1)).build();
  }

  private static String whole(String... parts) {
    return String.join("", parts) + "--" + BOUNDARY + "--\r\n";
  }

  private static HttpRequest.Builder form(String path, HttpRequest.BodyPublisher body) {
    return Door.at(api, PayaraServer.ALICE, path)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(body);
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

  private static String recording(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {TRANSCRIPTIONS, "audio/translations"})
  void recordingAndFields_reachLmStudioUnchanged(String path) throws Exception {
    String recording = recording(300_000);
    HttpResponse<String> answer =
        api.send(
            form(
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
        api.send(form(TRANSCRIPTIONS, file("RIFF"), field("response_format", format)));
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
        api.send(form(TRANSCRIPTIONS, file("RIFF"), field("stream", "true")));
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
  void everyWrongField_isNamed() throws Exception {
    HttpResponse<String> answer =
        api.send(
            form(
                TRANSCRIPTIONS,
                file("RIFF"),
                file("RIFF"),
                field("model", "m".repeat(513)),
                field("temperature", "warm"),
                field("stream", "7"),
                field("language", "de"),
                field("language", "en")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Door.error(answer).getString("message")).startsWith("5 fields are wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "audio/transcriptions, file",
    "audio/translations, file",
    "audio/speech, input",
    "images/generations, prompt"
  })
  void missingField_isNamed(String path, String field) throws Exception {
    HttpResponse<String> answer =
        api.send(
            path.contains("trans")
                ? form(path, field("model", "m"))
                : Door.post(api, path, "{\"model\":\"m\"}"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Door.error(answer).getString("param")).isEqualTo(field);
  }

  @Test
  void requestWithoutAForm_isRefused() throws Exception {
    HttpResponse<String> typed = api.send(Door.post(api, TRANSCRIPTIONS, "{}"));
    assertThat(typed.statusCode()).isEqualTo(415);
    HttpResponse<String> empty = api.send(form(TRANSCRIPTIONS, BodyPublishers.noBody()));
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(Door.error(empty).getString("code")).isEqualTo("malformed_request");
    HttpResponse<String> cut =
        api.send(form(TRANSCRIPTIONS, BodyPublishers.ofString(file("RIFF"))));
    assertThat(Door.error(cut).getString("message")).contains("ends before its last boundary");
  }

  @Test
  void recordingOverTheLimit_isRefusedWithItsLengthOrWithout() throws Exception {
    String most = whole(file("x".repeat(MOST - whole(file("")).length())));
    assertThat(api.send(form(TRANSCRIPTIONS, BodyPublishers.ofString(most))).statusCode())
        .isEqualTo(200);
    byte[] more = ("y" + most).getBytes(ISO_8859_1);
    for (HttpRequest.BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(more),
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(more)))) {
      HttpResponse<String> refused = api.send(form(TRANSCRIPTIONS, body));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(Door.error(refused).getString("code")).isEqualTo("payload_too_large");
    }
  }

  @Test
  void recordingThatNeverArrives_is408() throws Exception {
    URI url = api.server().url("v1/" + TRANSCRIPTIONS);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      OutputStream out = socket.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                  .formatted(url.getPath(), PayaraServer.ALICE)
              + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n";
      out.write((head + "--b\r\n" + "x".repeat(50_000)).getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void clientThatLeaves_endsTheCallAndItsFile() throws Exception {
    api.lmStudio()
        .enqueue(
            "/v1/" + TRANSCRIPTIONS, Script.respondWithJson(200, "{\"text\":\"x\"}").stallAt(5));
    CompletableFuture<HttpResponse<String>> answer =
        api.sendAsync(form(TRANSCRIPTIONS, file(recording(100_000))));
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
    byte[] audio = new byte[13 << 20];
    api.lmStudio().enqueue("/v1/" + SPEECH, Script.respondWith(200, "audio/wav").body(audio));
    HttpResponse<String> answer = api.send(Door.post(api, SPEECH, "{\"input\":\"hi\"}"));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(Door.error(answer).getString("code")).isEqualTo("answer_too_large");
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
        form(TRANSCRIPTIONS, BodyPublishers.ofString(whole(recording)))
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
            ? form(path, file(canary), field("prompt", canary), field("x", canary))
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

  @ParameterizedTest
  @ValueSource(strings = {TRANSCRIPTIONS, "audio/translations", SPEECH, IMAGES})
  void otherMethod_is405(String path) throws Exception {
    HttpResponse<String> answer = api.send(Door.at(api, PayaraServer.ALICE, path).build());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).contains("POST");
  }

  @Test
  void unknownPath_is404() throws Exception {
    assertThat(api.send(Door.post(api, "audio/none", "{}")).statusCode()).isEqualTo(404);
    assertThat(api.send(Door.post(api, "images/edits", "{}")).statusCode()).isEqualTo(404);
  }
}
