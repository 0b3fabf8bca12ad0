package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.Chunks.whole;
import static ee.lmstudio.sdk.FaultRow.when;
import static ee.lmstudio.simulator.socket.Script.respondWith;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.simulator.socket.Script;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What LM Studio, or something in its place, states: mapped, and never tried again uninvited. */
class StatedFaultTest {
  private static final String NO_MODEL =
      "{\"error\":{\"message\":\"No models loaded. Please load a model in the developer page or use"
          + " the 'lms load' command.\",\"type\":\"invalid_request_error\",\"code\":null}}";
  private static final String OVERFLOW_OLD =
      "{\"error\":\"Trying to keep the first 5000 tokens when context the overflows. However, the"
          + " model is loaded with context length of only 4096 tokens\"}";
  private static final String OVERFLOW_NEW =
      "{\"error\":\"The number of tokens to keep from the initial prompt is greater than the"
          + " context length (n_keep: 5000 >= n_ctx: 4096)\"}";
  private static final String CRASH =
      "{\"error\":\"The model has crashed without additional information. (Exit code: null)\"}";
  private static final String HTML = "<html><body>It works!</body></html>";

  static Stream<FaultRow> statuses() {
    return Stream.of(
        stated(400, "{\"error\":\"'messages' field is required\"}", ValidationException.class),
        stated(400, "{\"error\":{\"message\":\"bad\",\"param\":\"x\"}}", ValidationException.class),
        when("413", respondWithJson(413, ""))
            .fails(ValidationException.class, "failed(payload_too_large)", 1),
        stated(422, "{\"detail\":\"no\"}", ValidationException.class),
        stated(400, Recorded.body("err-400-model_not_found-chat.http.txt"), NOT_FOUND),
        stated(400, NO_MODEL, ModelNotLoadedException.class),
        stated(404, NO_MODEL, ModelNotLoadedException.class),
        stated(400, OVERFLOW_OLD, ContextOverflowException.class),
        stated(400, OVERFLOW_NEW, ContextOverflowException.class),
        stated(400, "{\"error\":\"Context size has been exceeded\"}", OVERFLOW),
        stated(400, CRASH, ServerException.class),
        stated(401, Recorded.text("err-401-api-token-required.json"), AUTHENTICATION),
        stated(401, "", AuthenticationException.class),
        stated(403, "no", AuthenticationException.class),
        stated(404, "{\"error\":{\"code\":\"model_not_found\"}}", NOT_FOUND),
        stated(404, "{\"message\":\"Model 'x' not found\",\"code\":404}", NOT_FOUND),
        stated(400, "{\"message\":\"Context size has been exceeded\"}", OVERFLOW),
        stated(400, "\uFEFF" + NO_MODEL, ModelNotLoadedException.class),
        stated(404, "", FeatureUnavailableException.class),
        stated(501, "", ServerException.class));
  }

  private static final Class<ModelNotFoundException> NOT_FOUND = ModelNotFoundException.class;
  private static final Class<AuthenticationException> AUTHENTICATION =
      AuthenticationException.class;
  private static final Class<ContextOverflowException> OVERFLOW = ContextOverflowException.class;

  private static FaultRow stated(
      int status, String body, Class<? extends LmStudioException> error) {
    String begin = body.substring(0, Math.min(body.length(), 60)).replace('\n', ' ');
    return when(status + " " + begin, respondWithJson(status, body)).fails(error, failed(error), 1);
  }

  private static String failed(Class<? extends LmStudioException> error) {
    return "failed("
        + switch (error.getSimpleName()) {
          case "ValidationException" -> "validation_failed";
          case "ModelNotFoundException" -> "model_not_found";
          case "ModelNotLoadedException" -> "model_not_loaded";
          case "ContextOverflowException" -> "context_overflow";
          case "AuthenticationException" -> "upstream_auth_failed";
          case "FeatureUnavailableException" -> "feature_unavailable";
          case "RateLimitedException" -> "rate_limited";
          case "ProtocolException" -> "upstream_protocol_error";
          default -> "upstream_error";
        }
        + ")";
  }

  static Stream<FaultRow> bodiesWithStatus200() {
    Class<ProtocolException> protocol = ProtocolException.class;
    return Stream.of(
        stated(200, Recorded.text("unknown-route-200.json"), FeatureUnavailableException.class),
        stated(200, Recorded.body("unknown-route-200.http.txt"), FeatureUnavailableException.class),
        stated(200, NO_MODEL, ModelNotLoadedException.class),
        stated(200, OVERFLOW_NEW, ContextOverflowException.class),
        stated(200, "{\"error\":{\"type\":\"model_not_found\",\"message\":\"?\"}}", NOT_FOUND),
        stated(200, "{\"error\":\"Something odd\"}", ServerException.class),
        stated(200, "", protocol),
        stated(200, "{}", protocol),
        stated(200, "[1]", protocol),
        stated(200, "{\"choices\":[]}", protocol),
        stated(200, "{\"choices\":[{\"message\":{}}]}", protocol),
        stated(200, HTML, protocol),
        other("HTML", respondWith(200, "text/html").body(HTML)),
        other("wrong type", respondWith(200, "text/plain").body("no")),
        other("no type", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
        other("unreadable type", respondWith(200, ";;;").body("{}")),
        other("204", raw("HTTP/1.1 204 No Content\r\n\r\n")),
        other("redirect", respondWith(307, "text/html").header("Location", "/elsewhere")),
        other("another coding", coded("br", "text/event-stream", text("Hel") + end())),
        other("JSON in another coding", coded("zstd", "application/json", whole("Hel"))),
        other("no HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n")),
        other("huge header", respondWithJson(200, whole("no")).header("X", "x".repeat(70_000))),
        other(
            "endless HTML", respondWith(200, "text/html").body("x".repeat(70_000)).thenStayOpen()));
  }

  private static final Class<ServerException> SERVER = ServerException.class;

  private static FaultRow other(String name, Script answer) {
    return when(name, answer).fails(ProtocolException.class, "failed(upstream_protocol_error)", 1);
  }

  private static Script raw(String answer) {
    return respondWithRaw(answer.getBytes(UTF_8));
  }

  private static Script coded(String coding, String type, String body) {
    return respondWith(200, type).header("Content-Encoding", coding).body(body);
  }

  static Stream<FaultRow> errorFrames() {
    String compute = Recorded.text("sse-error-compute.sse.data.json");
    String overflow = "{\"error\":{\"message\":\"Context size has been exceeded\"}}";
    return Stream.of(
        frame("", "event: error\ndata: " + compute + "\n\n", ServerException.class),
        frame("Hel", "event: error\ndata: " + compute + "\n\n", ServerException.class),
        frame("", "event: error\ndata: " + overflow + "\n\n", ContextOverflowException.class),
        frame("Hel", "data: " + overflow + "\n\n", ContextOverflowException.class),
        frame("Hel", "data: {\"error\":\"No models loaded.\"}\n\n", ModelNotLoadedException.class),
        frame("Hel", "event: error\ndata: no JSON\n\n", ServerException.class),
        frame("Hel", "event: error\ndata: [1]\n\n", ServerException.class),
        frame("Hel", "event: error\ndata: {\"why\":1}\n\n", ServerException.class),
        lastFrame("event: error\ndata: " + compute + "\n", ServerException.class),
        lastFrame("data: " + overflow, ContextOverflowException.class),
        lastFrame("data: " + compute + "\r", ServerException.class),
        frame("Hel", "data: {\"object\":\"error\",\"message\":\"boom\"}\n\n", SERVER),
        frame("", "data: {\"message\":\"boom\",\"code\":500}\n\n", ServerException.class),
        frame("Hel", "data: {\"detail\":\"boom\"}\n\n", ServerException.class),
        frame("", "error: {\"code\":\"model_not_found\"}\n", ModelNotFoundException.class),
        frame("Hel", "error: Context size has been exceeded\n", ContextOverflowException.class));
  }

  /** Nothing follows it, not even a blank line. */
  private static FaultRow lastFrame(String frame, Class<? extends LmStudioException> error) {
    return when("last: " + frame.strip(), respondWithEvents(text("Hel") + frame))
        .fails(error, "accepted delta(Hel) " + failed(error), 1);
  }

  private static FaultRow frame(
      String text, String frame, Class<? extends LmStudioException> error) {
    String before = text.isEmpty() ? "" : text(text);
    String told = "accepted " + (text.isEmpty() ? "" : "delta(" + text + ") ") + failed(error);
    return when(frame.strip() + " after '" + text + "'", respondWithEvents(before + frame + end()))
        .fails(error, told, 1);
  }

  static Stream<FaultRow> answersThatInvite() {
    FaultRow thenOk =
        when("429 twice, then well", again(429), again(429), respondWithEvents(text("a") + end()))
            .completes("accepted delta(a) completed(stop)", 3);
    FaultRow never =
        when("no retries", again(503))
            .with(settings -> settings.maxRetries(0))
            .fails(ServerException.class, "failed(upstream_error)", 1);
    FaultRow shared =
        when(
                "one budget for all attempts",
                again(500),
                respondWithEvents(text("a")).thenReset(),
                again(500),
                again(500))
            .fails(ServerException.class, "accepted delta(a) failed(upstream_error)", 4);
    FaultRow html =
        when("502 of a proxy", proxy(), proxy(), proxy()).fails(SERVER, failed(SERVER), 3);
    FaultRow tooLong =
        when("Retry-After over 60 s", respondWithJson(429, "{}").header("Retry-After", "61"))
            .fails(RateLimitedException.class, "failed(rate_limited)", 1);
    FaultRow tooLate =
        when(
                "Retry-After a year",
                respondWithJson(503, "{}").header("Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT"))
            .fails(SERVER, failed(SERVER), 1);
    Stream<FaultRow> each =
        Stream.of(408, 429, 500, 502, 503, 504)
            .map(
                status -> {
                  Class<? extends LmStudioException> error =
                      status == 429 ? RateLimitedException.class : SERVER;
                  return when(status + " thrice", again(status), again(status), again(status))
                      .fails(error, failed(error), 3);
                });
    return Stream.concat(each, Stream.of(thenOk, never, shared, html, tooLong, tooLate));
  }

  private static Script again(int status) {
    return respondWithJson(status, "{\"error\":\"busy\"}").header("Retry-After", "0");
  }

  private static Script proxy() {
    return respondWith(502, "text/html").body(HTML).header("Retry-After", "0");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"statuses", "bodiesWithStatus200", "errorFrames", "answersThatInvite"})
  void fault_isMappedAsTheTableSays(FaultRow fault) {
    fault.check();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirect_isNeverFollowed(int status) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(respondWith(status, "text/html").header("Location", "/elsewhere"));
      Outcome outcome = lmStudio.chat();
      assertThat(outcome.error()).isExactlyInstanceOf(ProtocolException.class);
      assertThat(((ProtocolException) outcome.error()).hint()).contains("proxy", "port");
      assertThat(lmStudio.server.requests())
          .extracting(request -> request.path())
          .doesNotContain("/elsewhere")
          .filteredOn("/v1/chat/completions"::equals)
          .hasSize(1);
    }
  }
}
