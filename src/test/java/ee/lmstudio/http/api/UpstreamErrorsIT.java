package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What LM Studio's errors are for callers: a status before the first entry, an event after it. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class UpstreamErrorsIT {
  private static final String ASK = chat("\"model\":\"sim-chat\"");

  /** An answer of LM Studio, or of something in its place, and what it is. */
  enum Answer {
    UNKNOWN_ROUTE(
        501,
        "feature_unavailable",
        () ->
            Script.respondWithJson(
                200, "{\"error\":\"Unexpected endpoint or method. (POST /v1/chat)\"}")),
    ERROR_AS_200(
        502,
        "upstream_error",
        () -> Script.respondWithJson(200, "{\"error\":{\"message\":\"x\"}}")),
    UNKNOWN_MODEL(
        404,
        "model_not_found",
        () ->
            Script.respondWithJson(
                400,
                "{\"error\":{\"message\":\"Invalid model\",\"type\":\"invalid_request_error\","
                    + "\"param\":\"model\",\"code\":\"model_not_found\"}}")),
    WRONG_FIELD(
        422, "validation_failed", () -> Script.respondWithJson(400, "{\"error\":\"'n' is odd\"}")),
    NOTHING_LOADED(
        409,
        "model_not_loaded",
        () -> Script.respondWithJson(400, "{\"error\":\"No models loaded. Please load one\"}")),
    CONTEXT_OVERFLOW(
        422,
        "context_overflow",
        () ->
            Script.respondWithJson(
                400, "{\"error\":\"The number of tokens is greater than the context length\"}")),
    NO_TOKEN(
        502,
        "upstream_auth_failed",
        () ->
            Script.respondWithJson(
                401,
                "{\"error\":{\"message\":\"An LM Studio API token is required\","
                    + "\"type\":\"invalid_request\",\"code\":\"invalid_api_key\"}}")),
    PLAIN_404(
        501, "feature_unavailable", () -> Script.respondWith(404, "text/plain").body("Not Found")),
    CRASHED(502, "upstream_error", () -> Script.respondWithJson(500, "{\"error\":\"crash\"}")),
    HTML(
        502,
        "upstream_protocol_error",
        () -> Script.respondWith(200, "text/html").body("<html>Welcome to nginx</html>")),
    EMPTY(502, "upstream_protocol_error", () -> Script.respondWith(200, JSON)),
    NO_COMPLETION(502, "upstream_protocol_error", () -> Script.respondWithJson(200, "{\"a\":1}")),
    REDIRECT(
        502,
        "upstream_protocol_error",
        () -> Script.respondWith(302, "text/html").header("Location", "http://127.0.0.1:9/"));

    final int status;
    final String code;
    final Supplier<Script> script;

    Answer(int status, String code, Supplier<Script> script) {
      this.status = status;
      this.code = code;
      this.script = script;
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorBeforeTheFirstEntry_isTheHttpAnswer(Answer answer, Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    api.chatAnswers(answer.script.get());
    HttpResponse<String> events = api.send(api.infer(EVENTS, ASK));
    assertThat(code(events, answer.status)).isEqualTo(answer.code);
    assertThat(api.lmStudio().generationsPosted()).as("posted once").isEqualTo(posted + 1);

    api.chatAnswers(answer.script.get());
    HttpResponse<String> whole =
        api.send(api.infer(JSON, chat("\"model\":\"m\"", "\"stream\":false")));
    assertThat(code(whole, answer.status)).isEqualTo(answer.code);

    api.chatAnswers(answer.script.get());
    String id = api.begin(PayaraServer.ALICE, ASK);
    try (Listening listener = api.attach(id, "")) {
      List<Event> entries = EventText.withoutProgress(listener.readAll().events());
      assertThat(EventText.names(entries)).containsExactly("started", "failed");
      assertThat(entries.get(1).data().getJsonObject("error").getString("code"))
          .isEqualTo(answer.code);
    }
    HttpResponse<String> next = api.send(api.infer(EVENTS, ASK));
    assertThat(EventText.names(EventText.events(next.body()))).endsWith("completed");
  }

  @Test
  void tooMuchToDo_isPassedOnWithItsRetryAfter(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithJson(429, "{\"error\":\"busy\"}").header("Retry-After", "120"));
    HttpResponse<String> response = api.send(api.infer(EVENTS, ASK));
    assertThat(code(response, 429)).isEqualTo("rate_limited");
    assertThat(Api.header(response, "Retry-After")).isEqualTo("120");

    api.chatAnswers(Script.respondWithJson(429, "{\"error\":\"busy\"}"));
    assertThat(Api.header(api.send(api.infer(EVENTS, ASK)), "Retry-After")).isEqualTo("1");
  }

  @Test
  void errorWithTheToken_isRedacted(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithJson(
            401, "{\"error\":{\"message\":\"Malformed token: sk-lm-12ab34cd:canary\"}}"));
    assertThat(api.send(api.infer(EVENTS, ASK)).body()).doesNotContain("canary");
  }

  @Test
  void errorFrameAfterText_isAFailedEventAndKeepsTheText(Api api) throws Exception {
    api.chatStreams(
        Chunks.text("half"), "event: error\ndata: {\"error\":{\"message\":\"boom\"}}\n\n");
    List<Event> events =
        EventText.withoutProgress(EventText.events(api.send(api.infer(EVENTS, ASK)).body()));
    assertThat(EventText.names(events)).containsExactly("started", "delta", "failed");
    assertThat(events.get(2).data().getJsonObject("error").getString("code"))
        .isEqualTo("upstream_error");
    assertThat(api.state(events.get(0).text("stream_id")).getString("content")).isEqualTo("half");
  }

  /** Grizzly closes a connection that gets more than 1 MiB at once. */
  @Test
  void answerOfSeveralMegabytes_arrivesWholeAsJson(Api api) throws Exception {
    String text = "0123456789abcdef".repeat(200_000);
    api.chatAnswers(Script.respondWithJson(200, Chunks.whole(text)));
    HttpResponse<String> whole = api.send(api.infer(JSON, chat("\"stream\":false")));
    JsonObject data = Api.data(whole);
    assertThat(data.getString("content")).isEqualTo(text);
    assertThat(api.state(data.getString("stream_id")).getString("content")).isEqualTo(text);
  }

  @Test
  void endWithoutAnything_isAFailedEvent(Api api) throws Exception {
    api.chatStreams(Chunks.DONE);
    List<Event> events =
        EventText.withoutProgress(EventText.events(api.send(api.infer(EVENTS, ASK)).body()));
    assertThat(EventText.names(events)).containsExactly("started", "failed");
    assertThat(events.get(1).data().getJsonObject("error").getString("hint")).contains("context");
  }

  private static Instant fetchedAt(JsonObject models) {
    return Instant.parse(models.getJsonObject("meta").getString("fetched_at"));
  }

  @Test
  void lmStudioAway_isUnreachableTheModelsAreStaleAndTheNextRequestWorks(Api api) throws Exception {
    api.send(api.infer(EVENTS, ASK));
    JsonObject before = json(api.send(api.request("models")).body());
    api.shared().stopLmStudio();
    try {
      HttpResponse<String> away = api.send(api.infer(EVENTS, ASK));
      assertThat(code(away, 502)).isEqualTo("upstream_unreachable");
      assertThat(Api.header(away, "Retry-After")).isEqualTo("5");
      assertThat(code(api.send(api.infer(JSON, chat("\"stream\":false"))), 502))
          .isEqualTo("upstream_unreachable");
      JsonObject stored = json(api.send(api.request("models")).body());
      assertThat(stored.getJsonObject("meta").getBoolean("stale")).isTrue();
      assertThat(fetchedAt(stored)).isBeforeOrEqualTo(fetchedAt(before));
      assertThat(stored.get("data")).isEqualTo(before.get("data"));
      HttpResponse<String> loaded = api.send(api.request("models?status=loaded&limit=1"));
      assertThat(json(loaded.body()).getJsonArray("data")).hasSize(1);
      assertThat(
              api.send(api.anonymous("v1/models").header("x-api-key", PayaraServer.ALICE)).body())
          .contains("\"id\":\"sim-chat\"");
      assertThat(code(api.send(api.request("health")), 502)).isEqualTo("upstream_unreachable");
    } finally {
      api.shared().startLmStudioAgain();
    }
    assertThat(api.send(api.infer(EVENTS, ASK)).statusCode()).isEqualTo(200);
  }
}
