package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.http.api.Listening;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A key, a prompt and an answer go through every endpoint below {@code /v1}, and through its
 * errors. The caller sees the prompt and the answer, and nobody the key; nothing that the server
 * tells to operators has any of them.
 */
@ExtendWith(ContractServer.class)
@Timeout(120)
class OpenAiLeaksIT {
  private static final String KEY = ContractServer.KEY;
  private static final String PROMPT = "prompt-canary-5d20";
  private static final String ANSWER = "answer-canary-7be4";
  private static final String ECHO = "{\"error\":{\"message\":\"Cannot use %s\",\"x\":\"%s\"}}";

  private static final List<String> TOLD =
      List.of("health", "health/live", "health/ready", "health/started", "metrics", "openapi");

  /** The endpoints, each with a request whose {@code stream} is the second argument. */
  private enum Endpoint {
    CHAT(
        "chat/completions",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}"),
    COMPLETIONS("completions", "{\"prompt\":\"%s\",\"stream\":%s}"),
    EMBEDDINGS("embeddings", "{\"input\":\"%s\",\"dimensions\":%s}"),
    RESPONSES("responses", "{\"input\":\"%s\",\"stream\":%s}"),
    MESSAGES("messages", "{\"messages\":[{\"content\":\"%s\"}],\"stream\":%s}"),
    DECISIONS("decisions", "{\"input\":\"%s\",\"stream\":%s}"),
    LISTED("rerank/listed", "{\"query\":\"%s\",\"stream\":%s}");

    private final String path;
    private final String request;

    Endpoint(String path, String request) {
      this.path = path;
      this.request = request;
    }

    String body(boolean stream) {
      return request.formatted(PROMPT, this == EMBEDDINGS ? "1" : "" + stream);
    }

    boolean streams() {
      return this != EMBEDDINGS;
    }

    String events() {
      return switch (this) {
        case CHAT -> Chunks.text(ANSWER) + Chunks.end();
        case COMPLETIONS ->
            "data: {\"choices\":[{\"index\":0,\"text\":\"%s\"}]}\n\n".formatted(ANSWER)
                + "data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}\n\n"
                + Chunks.DONE;
        default -> "event: x\ndata: {\"delta\":\"%s\"}\n\n".formatted(ANSWER);
      };
    }

    /** What LM Studio answers to a request without {@code stream}. */
    Script whole() {
      return switch (this) {
        case CHAT, COMPLETIONS -> Script.respondWithEvents(events());
        case EMBEDDINGS ->
            Script.respondWithJson(
                200, "{\"data\":[{\"embedding\":[1],\"index\":0}],\"x\":\"" + ANSWER + "\"}");
        default -> Script.respondWithJson(200, "{\"id\":\"" + ANSWER + "\"}");
      };
    }
  }

  /** The ids of the requests, with which the call log can be searched. */
  private final List<String> requests = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void everyWayAnAnswerGoes_leavesNoCanary(Endpoint endpoint, Api api) throws Exception {
    List<String> answers = new ArrayList<>();
    for (boolean stream :
        endpoint.streams() ? new boolean[] {true, false} : new boolean[] {false}) {
      String success =
          answer(
              api,
              endpoint,
              endpoint.body(stream),
              stream ? Script.respondWithEvents(endpoint.events()) : endpoint.whole());
      if (endpoint.streams()) {
        assertThat(success).contains(ANSWER);
      }
      answers.add(success);
      for (int status : new int[] {400, 401, 403, 404, 429, 500, 503}) {
        Script refusal = Script.respondWithJson(status, ECHO.formatted(KEY, PROMPT));
        answers.add(answer(api, endpoint, endpoint.body(stream), refusal));
      }
      Script broken = Script.respondWith(200, stream ? EVENTS : JSON);
      answers.add(
          answer(
              api,
              endpoint,
              endpoint.body(stream),
              broken.body(endpoint.events() + "{\"" + ANSWER + KEY).thenReset()));
    }
    answers.add(refused(api, endpoint, endpoint.body(true) + PROMPT));
    answers.add(refused(api, endpoint, "{\"stream\":\"" + PROMPT + "\",\"input\":{}}"));
    if (endpoint.streams()) {
      cancelled(api, endpoint);
      left(api, endpoint);
    }

    assertThat(answers).noneMatch(text -> text.contains(KEY));
    assertThat(api.lmStudio().requests())
        .as("the canaries went through")
        .anySatisfy(
            request -> {
              assertThat(request.path()).isEqualTo("/v1/" + endpoint.path);
              assertThat(request.header("Authorization")).hasValue("Bearer " + KEY);
              assertThat(request.bodyText()).contains(PROMPT);
            });
    assertThat(told(api)).noneMatch(text -> text.contains(KEY) || text.contains("canary"));
  }

  private HttpRequest.Builder at(Api api, String path) {
    String id = "leak-%x".formatted(System.nanoTime());
    requests.add(id);
    return api.anonymous("v1/" + path)
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .header("X-Request-Id", id);
  }

  private HttpRequest post(Api api, Endpoint endpoint, String body) {
    return at(api, endpoint.path)
        .header("Content-Type", JSON)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** Returns the whole answer to the client, when LM Studio answers so. */
  private String answer(Api api, Endpoint endpoint, String body, Script script) throws Exception {
    api.lmStudio().enqueue("/v1/" + endpoint.path, script);
    try {
      HttpResponse<String> answer = api.send(post(api, endpoint, body));
      return answer.statusCode() + " " + answer.headers().map() + answer.body();
    } finally {
      api.lmStudio().forgetScripts();
    }
  }

  /** Returns the answer to a request that LM Studio never gets. */
  private String refused(Api api, Endpoint endpoint, String body) throws Exception {
    HttpResponse<String> answer = api.send(post(api, endpoint, body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return answer.headers().map() + answer.body();
  }

  private void cancelled(Api api, Endpoint endpoint) throws Exception {
    try (Listening client = listening(api, endpoint)) {
      String id = header(client.response, "X-Stream-Id");
      assertThat(api.send(at(api, "streams/" + id).DELETE()).body()).doesNotContain(KEY);
      assertThat(client.readAll().text()).doesNotContain(KEY);
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  private void left(Api api, Endpoint endpoint) throws Exception {
    listening(api, endpoint).close();
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  private Listening listening(Api api, Endpoint endpoint) throws Exception {
    String some = endpoint.events().replace(Chunks.DONE, "");
    api.lmStudio().enqueue("/v1/" + endpoint.path, Script.respondWithEvents(some).thenStayOpen());
    return api.listen(post(api, endpoint, endpoint.body(true)))
        .readUntil(read -> read.contains(ANSWER));
  }

  /** What is told to operators, and to those who only ask how it goes. */
  private List<String> told(Api api) throws Exception {
    List<String> told = new ArrayList<>();
    for (String path : TOLD) {
      told.add(got(path, api.send(api.anonymous(path))));
      told.add(got(path, api.send(asAdmin(api, path))));
    }
    for (String id : requests) {
      told.add(got("calls", api.send(asAdmin(api, "recorder?what=calls&of=" + id))));
    }
    assertThat(told).as("the call log").anyMatch(calls -> calls.contains("\"events\":[\""));
    told.add(api.send(api.as(PayaraServer.ADMIN, "streams?all=true")).body());
    told.add(api.send(api.as(PayaraServer.ADMIN, "health")).body());
    told.add(api.server().log());
    return told;
  }

  private static HttpRequest.Builder asAdmin(Api api, String path) {
    return api.anonymous(path).header("Authorization", "Bearer " + PayaraServer.ADMIN);
  }

  private static String got(String path, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(path).isLessThan(500);
    return path + " " + response.headers().map() + response.body();
  }
}
