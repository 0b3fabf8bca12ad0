package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.ContractRequests.API;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.ContractCheck.Answer;
import ee.lmstudio.http.api.ContractRequests.Sample;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real answers are as the OpenAPI document says, and every answer that it lists is seen: the last
 * test fails otherwise, so that this class only passes as a whole. The server has another context
 * root than those of the other tests.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpenApiContractIT extends ContractFixture {
  @Test
  void requests_areThereForEveryOperation() {
    assertThat(ContractRequests.all().keySet())
        .isEqualTo(new TreeSet<>(CONTRACT.document().operations()));
  }

  @Test
  void generation_isAsDocumented() throws Exception {
    assertThat(valid(INFER, 200).header("Location")).isEmpty();
    Answer events = streamed(INFER, EVENTS, 200);
    assertThat(events.header("Location")).startsWith("/" + ROOT + API + "streams/");
    assertThat(EventText.names(EventText.events(events.body()))).endsWith("completed");

    Answer accepted = streamed(INFER, JSON, 202);
    String location = accepted.header("Location");
    assertThat(location).startsWith("/" + ROOT + API + "streams/");
    assertThat(Api.json(accepted.body()).getJsonObject("data").getString("events_url"))
        .isEqualTo(location);
    HttpRequest.Builder byLocation =
        HttpRequest.newBuilder(api.server().baseUrl().resolve(location))
            .header("Authorization", "Bearer " + PayaraServer.ALICE);
    CONTRACT.is("GET " + STREAM, 200, requests.send(byLocation));

    for (int i = 0; i < 2; i++) {
      Answer again = valid(INFER, 200, "Idempotency-Key", "documented");
      assertThat(again.header("Idempotent-Replay")).isEqualTo(i == 0 ? "" : "true");
    }
  }

  /**
   * The server has a rate limit, so every check also verifies that the document lists its headers.
   */
  @Test
  void everyGeneration_saysHowManyMayBeStarted() throws Exception {
    answer("POST /v1/responses", Script.respondWithJson(400, "{\"error\":\"no\"}"));
    for (Answer answer :
        List.of(
            valid(INFER, 200),
            streamed(INFER, JSON, 202),
            valid(CHAT, 200),
            valid("POST /v1/completions", 200),
            valid("POST /v1/responses", 400))) {
      assertThat(answer.header("RateLimit-Limit")).isEqualTo("" + STARTS);
      assertThat(answer.header("RateLimit-Remaining")).matches("\\d+");
      assertThat(answer.header("RateLimit-Reset")).matches("[01]");
    }
    assertThat(valid("GET " + API + "models", 200).header("RateLimit-Limit")).isEmpty();
  }

  @Test
  void stream_isReadResumedAndCancelledAsDocumented() throws Exception {
    Answer chat = streamed(CHAT, EVENTS, 200);
    String id = chat.header("X-Stream-Id");
    requests.useStream(id);
    Answer events = valid("GET " + STREAM, 200, "Accept", EVENTS);
    int last = EventText.events(events.body()).getLast().id();
    valid("GET " + STREAM, 204, "Accept", EVENTS, "Last-Event-ID", "" + last);
    valid("GET " + STREAM, 200, "Accept", JSON);
    valid("GET " + DOOR_STREAM, 200, "Accept", EVENTS);
    valid("GET " + DOOR_STREAM, 200, "Accept", EVENTS, "Last-Event-ID", "1");
    valid("GET " + DOOR_STREAM, 204, "Accept", EVENTS, "Last-Event-ID", "" + last);
    valid("GET " + DOOR_STREAM, 200, "Accept", JSON);
    valid("DELETE " + STREAM, 200);
    valid("DELETE " + DOOR_STREAM, 200);
    valid("GET " + API + "streams", 200);
  }

  /** Breaks, resets and cancellations write the rarer events. */
  @Test
  void everyEvent_isAsDocumented() throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("void")).thenReset());
    api.chatStreams(Chunks.text("true"), Chunks.end());
    assertThat(streamed(INFER, EVENTS, 200).body()).contains("event: reset");

    api.chatStreams(Chunks.text("half"), "data: {\"error\":{\"message\":\"boom\"}}\n\n");
    assertThat(streamed(INFER, EVENTS, 200).body()).contains("event: failed");
    api.chatStreams(Chunks.text("half"), "data: {\"error\":{\"message\":\"boom\"}}\n\n");
    Answer door = streamed(CHAT, EVENTS, 200);
    assertThat(door.body()).contains("event: error").doesNotContain("[DONE]");
    requests.useStream(door.header("X-Stream-Id"));
    valid("GET " + STREAM, 200, "Accept", JSON);

    api.chatAnswers(Script.respondWithEvents(Chunks.text("one")).thenStall());
    requests.useStream(api.begin(PayaraServer.ALICE, Api.chat("\"model\":\"m\"")));
    assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();
    assertThat(valid("DELETE " + STREAM, 200).body()).contains("cancelled");
    assertThat(valid("GET " + STREAM, 200, "Accept", EVENTS).body()).contains("event: cancelled");
    api.lmStudio().release();
  }

  @Test
  void models_areListedAndChangedAsDocumented() throws Exception {
    valid("GET " + API + "models", 200);
    valid("GET " + API + "health", 200);
    Map<String, String> done =
        new TreeMap<>(
            Map.of(
                "load", "{\"type\":\"llm\",\"instance_id\":\"m\",\"status\":\"loaded\"}",
                "unload", "{\"instance_id\":\"sim-chat\"}",
                "download", "{\"status\":\"already_downloaded\"}"));
    for (Map.Entry<String, String> work : done.entrySet()) {
      String operation = "POST " + API + "models/" + work.getKey();
      answer(operation, Script.respondWithJson(200, work.getValue()));
      Answer events = valid(operation, 200, "Accept", EVENTS);
      assertThat(events.body()).contains("event: completed");
      assertThat(events.header("Location")).startsWith("/" + ROOT + API + "streams/");
      answer(operation, Script.respondWithJson(200, work.getValue()));
      valid(operation, 202, "Accept", JSON);
    }
  }

  @Test
  void door_answersAsDocumented() throws Exception {
    valid("GET /v1/models", 200);
    valid("GET /v1/models/{id}", 200);
    valid(CHAT, 200);
    valid("POST /v1/completions", 200);
    streamed("POST /v1/completions", EVENTS, 200);
    valid("POST /v1/embeddings", 200);
    CONTRACT.is(
        "POST /v1/embeddings",
        200,
        requests.send(
            requests.with(
                "POST /v1/embeddings",
                "{\"model\":\"text-embedding-sim\",\"input\":\"a\",\"encoding_format\":\"base64\"}")));
    for (String relay : List.of("responses", "messages", "decisions")) {
      String operation = "POST /v1/" + relay;
      answer(operation, Script.respondWithJson(200, "{\"id\":\"resp_1\"}"));
      valid(operation, 200);
      answer(operation, Script.respondWithEvents("event: done\ndata: {\"type\":\"done\"}\n\n"));
      streamed(operation, EVENTS, 200);
    }
    for (String operation : CONTRACT.document().operations()) {
      if (operation.contains("/v1/responses/")) {
        answer(operation, Script.respondWithJson(200, "{\"id\":\"resp_1\"}"));
        valid(operation, 200);
      }
    }
  }

  @Test
  void serverAndPages_answerAsDocumented() throws Exception {
    for (String path : List.of("/health", "/health/live", "/health/ready", "/health/started")) {
      valid("GET " + path, 200);
    }
    assertThat(valid("GET /openapi", 200).body().equals(CONTRACT.document().text())).isTrue();
    valid("GET /metrics", 200);
    valid("GET /login", 200);
    String form = ContractRequests.all().get("POST /login").body();
    CONTRACT.is(
        "POST /login",
        200,
        requests.send(
            requests.with("POST /login", form + "x").header("X-Forwarded-For", "192.0.2.1")));
    Answer signedIn = valid("POST /login", 303);
    assertThat(signedIn.header("Location")).isEqualTo("/" + ROOT + "/ai/lmstudio/demo");
    assertThat(signedIn.header("Set-Cookie")).contains("Path=/" + ROOT);
    valid("GET /ai/lmstudio/demo", 200);
    Answer link =
        CONTRACT.is(
            "GET /ai/lmstudio/demo",
            302,
            requests.send(api.anonymous("ai/lmstudio/demo?token=" + PayaraServer.ALICE)));
    assertThat(link.header("Location")).isEqualTo("/" + ROOT + "/ai/lmstudio/demo");
    assertThat(valid("POST /logout", 303).header("Location")).isEqualTo("/" + ROOT + "/login");
  }

  @Test
  void otherMethods_areAnsweredWithTheDefault() throws Exception {
    for (String operation : List.of(INFER, CHAT, "POST /v1/messages", "POST /logout")) {
      HttpRequest.Builder request =
          requests.valid(operation).method("PUT", BodyPublishers.noBody());
      assertThat(CONTRACT.isAnother(operation, 405, requests.send(request)).header("Allow"))
          .contains("POST");
    }
  }

  @Test
  void refusals_areAsDocumented() throws Exception {
    all(401, operation -> requests.send(requests.anonymous(operation)));
    all(421, o -> requests.send(requests.valid(o).header("X-Forwarded-Host", "evil.example")));
    all(415, o -> requests.send(requests.valid(o).setHeader("Content-Type", "text/plain")));
    all(413, operation -> requests.send(requests.with(operation, "x".repeat(100_000))));
    requests.useStream(api.begin(PayaraServer.ALICE, Api.chat()));
    all(406, operation -> requests.send(requests.valid(operation).header("Accept", "text/html")));
    all(400, ContractFixture::unreadable);
    all(
        422,
        CONTRACT.document().answering(422).stream().filter(name -> name.contains(API)),
        ContractFixture::invalid);
    all(
        400,
        CONTRACT.document().answering(400).stream().filter(name -> name.startsWith("POST /v1")),
        operation -> requests.send(requests.with(operation, "[1]")));
  }

  @Test
  void sessionOfAnotherSite_isForbiddenAsDocumented() throws Exception {
    HttpResponse<String> link =
        api.send(api.anonymous("ai/lmstudio/demo?token=" + PayaraServer.ALICE));
    String cookie = Api.header(link, "Set-Cookie").split(";")[0];
    all(
        403,
        operation ->
            requests.send(
                requests
                    .anonymous(operation)
                    .header("Cookie", cookie)
                    .header("Origin", "http://evil.example")));
  }

  @Test
  void bodiesThatDoNotArrive_timeOutAsDocumented() throws Exception {
    Map<String, CompletableFuture<Answer>> answers = new TreeMap<>();
    for (String operation : CONTRACT.document().answering(408)) {
      answers.put(
          operation,
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return requests.sendHalf(operation);
                } catch (Exception e) {
                  throw new IllegalStateException(operation, e);
                }
              },
              command -> Thread.ofVirtual().start(command)));
    }
    all(408, operation -> answers.get(operation).get());
  }

  @Test
  void wrongTokens_areSlowedDownAsDocumented() throws Exception {
    String from = "192.0.2.77";
    for (int i = 0; i < 10; i++) {
      requests.send(wrongToken("GET /v1/models", from));
    }
    all(429, operation -> requests.send(wrongToken(operation, from)));
  }

  @Test
  void conflicts_areAsDocumented() throws Exception {
    for (String operation : answering(409)) {
      Sample sample = ContractRequests.all().get(operation);
      boolean withKey =
          CONTRACT.document().operation(operation).path("parameters").toString().contains("Idemp");
      if (withKey) {
        if (sample.body().contains("input")) {
          answer(operation, Script.respondWithJson(200, "{\"id\":\"resp_1\"}"));
        }
        requests.send(requests.valid(operation).header("Idempotency-Key", "used"));
        api.lmStudio().forgetScripts();
        String other = sample.body().replaceFirst("Hello|Once", "Other");
        Answer conflict =
            requests.send(requests.with(operation, other).header("Idempotency-Key", "used"));
        assertThat(CONTRACT.is(operation, 409, conflict).body()).contains("idempotency_conflict");
      } else {
        String error = "{\"error\":\"Failed to load model \\\"m\\\"\"}";
        Answer refusal = refused(operation, () -> Script.respondWithJson(400, error));
        assertThat(CONTRACT.is(operation, 409, refusal).body()).contains("model_not_loaded");
      }
    }
  }

  @Test
  void whatIsNotThere_isNotFoundAsDocumented() throws Exception {
    String error = "{\"error\":{\"message\":\"none\",\"code\":\"model_not_found\"}}";
    all(
        404,
        operation -> {
          if (operation.equals("GET /v1/models/{id}")) {
            return requests.send(
                api.anonymous("v1/models/no%2Fsuch")
                    .header("Authorization", "Bearer " + PayaraServer.ALICE));
          }
          return operation.contains("streams")
              ? requests.send(requests.valid(operation))
              : refused(operation, () -> Script.respondWithJson(404, error));
        });
  }

  /** What LM Studio refuses, is a status of ours; errors of relayed endpoints pass unchanged. */
  @ParameterizedTest
  @ValueSource(ints = {400, 422, 429, 500})
  void refusalsOfLmStudio_areAsDocumented(int status) throws Exception {
    for (String operation : scripted(status).toList()) {
      boolean relayed = operation.contains("/v1/") && !operation.contains(API);
      if (relayed || status == 422 || status == 429) {
        String error = "{\"error\":{\"message\":\"no\"}}";
        CONTRACT.is(
            operation, status, refused(operation, () -> Script.respondWithJson(status, error)));
      }
    }
  }

  @Test
  void missingEndpoints_areAsDocumented() throws Exception {
    String unknown = "{\"error\":\"Unexpected endpoint or method.\"}";
    all(501, o -> refused(o, () -> Script.respondWithJson(200, unknown)));
  }

  @Test
  void silenceOfLmStudio_timesOutAsDocumented() throws Exception {
    Supplier<Script> silence = () -> Script.respondWithRaw(new byte[0]).thenStall();
    Map<String, CompletableFuture<HttpResponse<String>>> answers = new TreeMap<>();
    List<String> lists =
        List.of("/v1/models", "/api/v0/models", "/api/v1/models", "/lmstudio-greeting");
    for (String operation : answering(504)) {
      if (ContractRequests.all().get(operation).lmStudio().isEmpty()) {
        lists.forEach(path -> api.lmStudio().enqueue(path, silence.get()));
      } else {
        answer(operation, silence.get());
      }
      answers.put(operation, api.sendAsync(requests.valid(operation).build()));
    }
    try {
      all(504, operation -> Answer.of(answers.get(operation).get()));
    } finally {
      api.lmStudio().release();
    }
  }

  @Test
  void lmStudioThatIsAway_isAsDocumented() throws Exception {
    shared.stopLmStudio();
    try {
      all(502, operation -> refused(operation, Script::answerAsUsual));
      valid("GET /health", 503);
      valid("GET /health/ready", 503);
    } finally {
      shared.startLmStudioAgain();
    }
  }

  @Test
  void apiThatIsOff_isAsDocumented() throws Exception {
    try (ContractServer.Shared off =
        new ContractServer.Shared(
            server ->
                server
                    .contextRoot("")
                    .config("lm-studio.enable-audio", "true")
                    .config("lm-studio.enable-images", "true")
                    .config("features.lmstudio.enabled", "false"))) {
      ContractRequests toOff = new ContractRequests(off.api);
      all(
          503,
          CONTRACT.document().answering(503).stream().filter(o -> !o.startsWith("GET /health")),
          operation -> toOff.send(toOff.valid(operation)));
      // At the root, Payara would have a document of its own.
      Answer document = CONTRACT.is("GET /openapi", 200, toOff.send(toOff.valid("GET /openapi")));
      assertThat(document.body().equals(CONTRACT.document().text())).isTrue();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everyDocumentedAnswer_wasSeen() {
    assertThat(CONTRACT.neverSeen()).filteredOn(answer -> !isOfMedia(answer)).isEmpty();
  }
}
