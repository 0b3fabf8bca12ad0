package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call to LM Studio is a line, an event and numbers, and none of them holds what it must not. */
@ExtendWith(ContractServer.class)
@Timeout(120)
class TelemetryIT {
  private static final String PROMPT = "prompt-canary-77";
  private static final String ANSWER = "answer-canary-88";

  private static JsonObject seen(Api api, String requestId) throws Exception {
    HttpResponse<String> response =
        api.send(
            api.anonymous("recorder?what=calls&of=" + requestId)
                .header("Authorization", "Bearer " + PayaraServer.ALICE));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Api.json(response.body());
  }

  /** The event of a request; it is told shortly after the call. */
  private static String event(Api api, String requestId) throws Exception {
    List<?> events = List.of();
    for (long end = System.nanoTime() + LIMIT.toNanos();
        events.isEmpty() && System.nanoTime() - end < 0; ) {
      events = seen(api, requestId).getJsonArray("events");
    }
    assertThat(events).hasSize(1);
    return events.get(0).toString();
  }

  /** The one line of a request. */
  private static JsonObject line(Api api, String requestId) {
    List<String> lines =
        Pattern.compile("\\{\"event\":\"lmstudio\\.call\".*\\}")
            .matcher(api.server().log())
            .results()
            .map(MatchResult::group)
            .filter(line -> line.contains("\"request_id\":\"" + requestId + "\""))
            .toList();
    assertThat(lines).hasSize(1);
    return Api.json(lines.get(0));
  }

  /** The line of a request in the action log, to which it is written shortly after the call. */
  private static JsonObject action(Api api, String requestId) throws Exception {
    String port = "" + api.server().baseUrl().getPort();
    Path file = Path.of("target", "payara", port, "storage", "actions.log");
    List<String> lines = List.of();
    for (long end = System.nanoTime() + LIMIT.toNanos();
        lines.isEmpty() && System.nanoTime() - end < 0; ) {
      lines =
          Files.exists(file)
              ? Files.readAllLines(file).stream()
                  .filter(line -> line.contains("\"request_id\":\"" + requestId + "\""))
                  .toList()
              : List.of();
    }
    assertThat(lines).hasSize(1);
    return Api.json(lines.get(0));
  }

  private static long number(JsonObject seen, String name, String... tags) {
    return seen.getJsonObject("metrics").entrySet().stream()
        .filter(metric -> metric.getKey().contains("'" + name + "'"))
        .filter(metric -> List.of(tags).stream().allMatch(metric.getKey()::contains))
        .mapToLong(metric -> Long.parseLong(metric.getValue().toString()))
        .sum();
  }

  private static HttpRequest chat(Api api, String requestId) {
    return api.request("infer")
        .header("Content-Type", JSON)
        .header("X-Request-Id", requestId)
        .POST(
            BodyPublishers.ofString(
                "{\"model\":\"m\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\""
                    + PROMPT
                    + "\"}]}"))
        .build();
  }

  @Test
  void chat_isALineAnEventAndNumbers(Api api) throws Exception {
    JsonObject before = seen(api, "none");
    api.chatStreams(Chunks.text(ANSWER), Chunks.text("b"), Chunks.end());
    assertThat(api.send(chat(api, "telemetry-chat")).body()).contains(ANSWER);

    String event = event(api, "telemetry-chat");
    assertThat(event).contains("CREATE_CHAT_COMPLETION", "COMPLETED", "alice");
    JsonObject line = line(api, "telemetry-chat");
    assertThat(action(api, "telemetry-chat")).isEqualTo(line);
    assertThat(line.getString("method")).isEqualTo("createChatCompletion");
    assertThat(line.getString("path")).isEqualTo("/v1/chat/completions");
    assertThat(line.getString("outcome")).isEqualTo("completed");
    assertThat(line.getString("actor")).isEqualTo("alice");
    assertThat(line.getString("model")).isEqualTo("m");
    assertThat(line.getInt("status")).isEqualTo(200);
    assertThat(line.getInt("completion_tokens")).isEqualTo(2);
    assertThat(line.getBoolean("tokens_synthesized")).isTrue();
    assertThat(line.getInt("first_token_ms")).isLessThanOrEqualTo(line.getInt("duration_ms"));

    JsonObject after = seen(api, "none");
    for (String name : List.of("lmstudio.call.duration", "lmstudio.call.first.token")) {
      assertThat(number(after, name, "createChatCompletion"))
          .as(name)
          .isGreaterThan(number(before, name, "createChatCompletion"));
    }
    assertThat(number(after, "lmstudio.calls", "createChatCompletion", "completed"))
        .isGreaterThan(number(before, "lmstudio.calls", "createChatCompletion", "completed"));
    assertThat(number(after, "lmstudio.tokens", "completion"))
        .isGreaterThanOrEqualTo(number(before, "lmstudio.tokens", "completion") + 2);
    assertNoCanary(api, event, after);
  }

  @Test
  void failedChat_tellsItsCodeAndNothingThatLmStudioSaid(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithJson(
            400,
            "{\"error\":\"No models loaded. You said %s with %s\"}"
                .formatted(PROMPT, ContractServer.KEY)));
    api.send(chat(api, "telemetry-failed"));
    String event = event(api, "telemetry-failed");
    JsonObject line = line(api, "telemetry-failed");
    assertThat(line.getString("outcome")).isEqualTo("failed");
    assertThat(line.getString("error_code")).isEqualTo("model_not_loaded");
    assertThat(line.getInt("status")).isEqualTo(400);
    assertNoCanary(api, event, seen(api, "none"));
  }

  @Test
  void modelListing_isALineAnEventAndNumbers(Api api) throws Exception {
    long before = number(seen(api, "none"), "lmstudio.calls", "listModels", "completed");
    HttpResponse<String> response =
        api.send(api.request("models").header("X-Request-Id", "telemetry-models"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(event(api, "telemetry-models")).contains("LIST_MODELS", "alice");
    JsonObject line = line(api, "telemetry-models");
    assertThat(line.getString("method")).isEqualTo("listModels");
    assertThat(line.getString("actor")).isEqualTo("alice");
    assertThat(line.containsKey("first_token_ms")).isFalse();
    assertThat(number(seen(api, "none"), "lmstudio.calls", "listModels", "completed"))
        .isGreaterThan(before);
  }

  private static HttpResponse<String> metrics(Api api) throws Exception {
    return api.send(
        api.anonymous("metrics").header("Authorization", "Bearer " + PayaraServer.ALICE));
  }

  @Test
  void metrics_areInTheFormatOfPrometheusForWhoIsSignedIn(Api api) throws Exception {
    api.chatStreams(Chunks.text(ANSWER), Chunks.end());
    api.send(chat(api, "telemetry-metrics"));
    assertThat(api.send(api.anonymous("metrics")).statusCode()).isEqualTo(401);
    HttpResponse<String> metrics = metrics(api);
    // The call is counted shortly after its answer.
    for (long end = System.nanoTime() + LIMIT.toNanos();
        !metrics.body().contains("lmstudio_tokens_total{kind=\"completion\"")
            && System.nanoTime() - end < 0; ) {
      metrics = metrics(api);
    }
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(Api.header(metrics, "Content-Type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    List<String> lines = metrics.body().lines().toList();
    assertThat(lines).contains("# TYPE lmstudio_calls_total counter");
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    "lmstudio_calls_total\\{method=\"createChatCompletion\",model=\"[^\"]+\",outcome=\"completed\",upstream=\"default\",mp_scope=\"application\"}"
                        + " [1-9]\\d*"))
        .anyMatch(line -> line.startsWith("lmstudio_call_first_token_seconds{quantile=\"0.5\","))
        .anyMatch(line -> line.startsWith("lmstudio_call_duration_seconds_sum{"))
        .anyMatch(line -> line.matches("jvm_heap_used_bytes [1-9]\\d*"))
        .anyMatch(line -> line.startsWith("jvm_uptime_seconds "));
    assertThat(lines)
        .allMatch(
            line ->
                line.matches("# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .+")
                    || line.matches(
                        "[a-zA-Z_][a-zA-Z0-9_]*(\\{([a-z_A-Z0-9]+=\"[^\"]*\",?)+})?"
                            + " [-+0-9.EN][0-9.EaNInfity-]*"));
    assertThat(lines).filteredOn(line -> line.startsWith("# TYPE")).doesNotHaveDuplicates();
    assertThat(metrics.body()).doesNotContain(PROMPT, ANSWER, ContractServer.KEY);
  }

  /** Neither in what was told nor anywhere in the server's log. */
  private static void assertNoCanary(Api api, String event, JsonObject numbers) {
    assertThat(api.server().log() + event + numbers)
        .doesNotContain(PROMPT, ANSWER, ContractServer.KEY);
  }
}
