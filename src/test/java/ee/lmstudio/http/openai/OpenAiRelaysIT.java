package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.api.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.http.api.Listening;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints of LM Studio whose requests and answers are passed on unchanged. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class OpenAiRelaysIT {
  private static final String ASK = "{\"model\":\"m\", \"input\": [1.50, \"\\u00e4\"]%s}";
  private static final String STREAMED = ASK.formatted(",\"stream\":true");
  private static final String WHOLE = ASK.formatted("");
  private static final String CREATED =
      "event: response.created\ndata: {\"type\":\"response.created\",\"x\":[1.50]}\n\n";
  private static final String DELTA =
      "event: response.output_text.delta\ndata: {\"delta\":\"Hello\"}\n\n";
  private static final String COMPLETED =
      "event: response.completed\ndata: {\"type\":\"response.completed\"}\n\n";

  private static HttpRequest.Builder at(Api api, String token, String path) {
    return api.anonymous("v1/" + path).header("x-api-key", token);
  }

  private static HttpRequest post(Api api, String path, String body, String... headers) {
    HttpRequest.Builder request =
        at(api, PayaraServer.ALICE, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  private static long posted(Api api, String path) {
    return api.lmStudio().requests().stream()
        .filter(request -> request.path().equals("/v1/" + path))
        .count();
  }

  private static SimulatorRequest sent(Api api) {
    return api.lmStudio().requests().getLast();
  }

  @ParameterizedTest
  @ValueSource(strings = {"responses", "messages", "decisions", "rerank/listed"})
  void stream_passesUnchangedWithItsNames(String path, Api api) throws Exception {
    String stream = CREATED + DELTA + COMPLETED;
    api.lmStudio().enqueue("/v1/" + path, Script.respondWithEvents(": hi\n\n" + stream));

    HttpResponse<String> answer = api.send(post(api, path, STREAMED));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).startsWith("text/event-stream");
    assertThat(answer.body()).isEqualTo(stream);
    assertThat(sent(api).bodyText()).isEqualTo(STREAMED);
    assertThat(header(answer, "X-Stream-Id")).hasSize(32);
  }

  @Test
  void answerThatIsNotStreamed_passesUnchanged(Api api) throws Exception {
    String whole = "{\"id\": \"resp_1\", \"top_p\": false, \"n\": 1.50}";
    api.lmStudio().enqueue("/v1/responses", Script.respondWithJson(200, whole));

    HttpResponse<String> answer =
        api.send(post(api, "responses", WHOLE, "anthropic-version", "2023-06-01"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(whole);
    assertThat(sent(api).bodyText()).isEqualTo(WHOLE);
    assertThat(sent(api).header("anthropic-version")).hasValue("2023-06-01");
    assertThat(sent(api).header("Authorization")).hasValue("Bearer " + ContractServer.KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta=true", "include[]=a&include%5B%5D=b%20c&x=%C3%A4", "cursor=1"})
  void query_passesUnchanged(String query, Api api) throws Exception {
    api.lmStudio().enqueue("/v1/messages", Script.respondWithJson(200, "{}"));
    assertThat(rawStatus(api, "POST", "messages?" + query, WHOLE)).isEqualTo(200);
    assertThat(sent(api).target()).isEqualTo("/v1/messages?" + query);

    api.lmStudio().enqueue("/v1/messages", Script.respondWithEvents(CREATED + COMPLETED));
    assertThat(rawStatus(api, "POST", "messages?" + query, STREAMED)).isEqualTo(200);
    assertThat(sent(api).target()).isEqualTo("/v1/messages?" + query);

    api.lmStudio().enqueue("/v1/responses/resp_1", Script.respondWithJson(200, "{}"));
    assertThat(rawStatus(api, "GET", "responses/resp_1?" + query, "")).isEqualTo(200);
    assertThat(sent(api).target()).isEqualTo("/v1/responses/resp_1?" + query);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%0d%0aX:%20y", "a=%00", "{a}", "a|b", "a=%zz"})
  void queryWithAForbiddenCharacter_is400AndNothingIsSent(String query, Api api) throws Exception {
    long before = posted(api, "messages");
    assertThat(rawStatus(api, "POST", "messages?" + query, WHOLE)).isEqualTo(400);
    assertThat(posted(api, "messages")).isEqualTo(before);
  }

  /**
   * Returns the status of a request over a plain socket: Java's client would change some queries.
   */
  private static int rawStatus(Api api, String method, String target, String body)
      throws Exception {
    String root = api.server().url("v1/").getPath();
    try (Socket socket = new Socket("127.0.0.1", api.server().baseUrl().getPort())) {
      String request =
          "%s %s HTTP/1.1\r\nHost: localhost\r\nx-api-key: %s\r\nConnection: close\r\n"
                  .formatted(method, root + target, PayaraServer.ADMIN)
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
  }

  @Test
  void storedResponseAsAStream_isRefusedAndNothingIsSent(Api api) throws Exception {
    long before = posted(api, "responses/resp_1");
    HttpResponse<String> answer =
        api.send(at(api, PayaraServer.ADMIN, "responses/resp_1?stream=true&starting_after=3"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Door.error(answer).getString("param")).isEqualTo("stream");
    assertThat(posted(api, "responses/resp_1")).isEqualTo(before);
  }

  @Test
  void sameKeyWithAnotherQuery_isAConflict(Api api) throws Exception {
    String key = UUID.randomUUID().toString();
    api.lmStudio().enqueue("/v1/messages", Script.respondWithJson(200, "{}"));
    HttpResponse<String> first =
        api.send(post(api, "messages?beta=true", WHOLE, "Idempotency-Key", key));
    assertThat(first.statusCode()).isEqualTo(200);
    HttpResponse<String> same =
        api.send(post(api, "messages?beta=true", WHOLE, "Idempotency-Key", key));
    assertThat(header(same, "Idempotent-Replay")).isEqualTo("true");
    HttpResponse<String> other = api.send(post(api, "messages", WHOLE, "Idempotency-Key", key));
    assertThat(other.statusCode()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({"400", "404", "422", "429", "500"})
  void errorOfLmStudio_passesUnchangedAndIsNotTriedAgain(int status, Api api) throws Exception {
    String error = "{\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\"no\"}}";
    for (String body : new String[] {STREAMED, WHOLE}) {
      long before = posted(api, "messages");
      api.lmStudio().enqueue("/v1/messages", Script.respondWithJson(status, error));
      HttpResponse<String> answer = api.send(post(api, "messages", body));
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).isEqualTo(error);
      assertThat(posted(api, "messages") - before).isEqualTo(1);
    }
  }

  @Test
  void errorOfThisServer_hasOpenAisForm(Api api) throws Exception {
    api.lmStudio()
        .enqueue("/v1/responses", Script.respondWithJson(401, "{\"error\":{\"message\":\"key\"}}"));
    HttpResponse<String> ownToken = api.send(post(api, "responses", WHOLE));
    assertThat(ownToken.statusCode()).isEqualTo(502);
    assertThat(code(ownToken)).isEqualTo("upstream_auth_failed");

    api.lmStudio()
        .enqueue(
            "/v1/decisions",
            Script.respondWithJson(200, "{\"error\":\"Unexpected endpoint or method.\"}"));
    HttpResponse<String> none = api.send(post(api, "decisions", WHOLE));
    assertThat(none.statusCode()).isEqualTo(501);
    assertThat(code(none)).isEqualTo("feature_unavailable");

    HttpResponse<String> wrong = api.send(post(api, "responses", "[1]"));
    assertThat(wrong.statusCode()).isEqualTo(400);
    HttpResponse<String> tooLarge = api.send(post(api, "responses", "{\"input\":1e400}"));
    assertThat(tooLarge.statusCode()).isEqualTo(400);
    assertThat(tooLarge.body()).contains("\"param\":\"input\"");
    HttpResponse<String> unlisted = api.send(post(api, "rerank", WHOLE));
    assertThat(unlisted.statusCode()).isEqualTo(404);
    assertThat(code(unlisted)).isEqualTo("unknown_url");
    HttpResponse<String> method = api.send(at(api, PayaraServer.ALICE, "rerank/listed"));
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(header(method, "Allow")).isEqualTo("POST");
  }

  private static String code(HttpResponse<String> response) {
    return json(response.body()).getJsonObject("error").getString("code");
  }

  @ParameterizedTest
  @CsvSource({"responses, true", "responses, false", "messages, true"})
  void brokenStream_endsWithAnErrorEvent(String path, boolean reset, Api api) throws Exception {
    Script script = Script.respondWithEvents(CREATED + DELTA);
    api.lmStudio().enqueue("/v1/" + path, reset ? script.thenReset() : script);
    long before = posted(api, path);

    String body = api.send(post(api, path, STREAMED)).body();

    assertThat(body).startsWith(CREATED + DELTA + "event: error\ndata: {\"type\":\"error\",");
    assertThat(posted(api, path) - before).isEqualTo(1);
  }

  @Test
  void clientThatLeaves_closesTheStream(Api api) throws Exception {
    api.lmStudio().enqueue("/v1/responses", Script.respondWithEvents(CREATED).thenStall());
    try (Listening client = api.listen(post(api, "responses", STREAMED))) {
      client.readUntil(read -> read.contains("created"));
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();
  }

  @Test
  void stream_canBeResumedReadAndCancelled(Api api) throws Exception {
    api.lmStudio()
        .enqueue(
            "/v1/responses", Script.respondWithEvents(CREATED).thenStall().body(DELTA + COMPLETED));
    String id;
    String read;
    try (Listening client = api.listen(post(api, "responses", STREAMED, "X-Orphan-Grace", "30s"))) {
      read = client.readUntil(some -> some.endsWith("\n\n")).text();
      id = header(client.response, "X-Stream-Id");
    }
    String cursor = read.substring("id: ".length(), read.indexOf('\n'));
    api.lmStudio().release();
    HttpRequest.Builder resume =
        at(api, PayaraServer.ALICE, "streams/" + id).header("Accept", "text/event-stream");
    String rest = api.send(resume.header("Last-Event-ID", cursor).build()).body();
    assertThat(rest.replaceAll("id: [0-9]+\n", "")).isEqualTo(DELTA + COMPLETED);

    String last = rest.substring(rest.lastIndexOf("id: ") + 4).lines().findFirst().orElseThrow();
    HttpRequest end =
        at(api, PayaraServer.ALICE, "streams/" + id).header("Last-Event-ID", last).build();
    assertThat(api.send(end).statusCode()).isEqualTo(204);

    JsonObject state = api.state(id);
    assertThat(state.getString("status")).isEqualTo("completed");
    try (Listening own = api.attach(id, "")) {
      assertThat(own.readAll().text()).contains("event: relayed", "response.output_text.delta");
    }
    assertThat(api.send(at(api, PayaraServer.ALICE, "streams/" + id).DELETE()).statusCode())
        .isEqualTo(200);
  }

  private static void create(Api api, String id) throws Exception {
    String created = "{\"id\":\"%s\"}".formatted(id);
    api.lmStudio().enqueue("/v1/responses", Script.respondWithJson(200, created));
    assertThat(api.send(post(api, "responses", WHOLE)).statusCode()).isEqualTo(200);
  }

  @Test
  void ownResponse_isReadDeletedAndCancelledAtLmStudio(Api api) throws Exception {
    create(api, "resp_1");
    String found = "{\"id\":\"resp_1\"}";
    api.lmStudio().enqueue("/v1/responses/resp_1", Script.respondWithJson(200, found));
    HttpResponse<String> read = api.send(at(api, PayaraServer.ALICE, "responses/resp_1"));
    assertThat(read.body()).isEqualTo(found);
    assertThat(sent(api).method()).isEqualTo("GET");

    String missing = "{\"error\":{\"message\":\"no such response\"}}";
    api.lmStudio().enqueue("/v1/responses/resp_1", Script.respondWithJson(404, missing));
    HttpResponse<String> deleted =
        api.send(at(api, PayaraServer.ALICE, "responses/resp_1").DELETE());
    assertThat(deleted.statusCode()).isEqualTo(404);
    assertThat(deleted.body()).isEqualTo(missing);
    assertThat(sent(api).method()).isEqualTo("DELETE");

    api.lmStudio().enqueue("/v1/responses/resp_1/cancel", Script.respondWithJson(200, found));
    HttpResponse<String> cancelled =
        api.send(
            at(api, PayaraServer.ALICE, "responses/resp_1/cancel").POST(BodyPublishers.noBody()));
    assertThat(cancelled.body()).isEqualTo(found);
    assertThat(sent(api).method()).isEqualTo("POST");
  }

  @Test
  void responseOfAnotherCaller_getsTheSame404AsAnAbsentOneAndNothingIsSent(Api api)
      throws Exception {
    create(api, "resp_alice");
    int before = api.lmStudio().requests().size();
    for (String id : List.of("resp_alice", "resp_absent")) {
      for (HttpRequest.Builder request :
          List.of(
              at(api, PayaraServer.BOB, "responses/" + id),
              at(api, PayaraServer.BOB, "responses/" + id).DELETE(),
              at(api, PayaraServer.BOB, "responses/" + id + "/cancel")
                  .POST(BodyPublishers.noBody()))) {
        HttpResponse<String> answer = api.send(request);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Door.error(answer).getString("code")).isEqualTo("response_not_found");
        assertThat(answer.body()).doesNotContain(id);
      }
      for (String name : List.of("previous_response_id", "Previous_Response_Id")) {
        String body = ASK.formatted(",\"%s\":\"%s\"".formatted(name, id));
        HttpResponse<String> answer =
            api.send(
                at(api, PayaraServer.BOB, "responses")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Door.error(answer).getString("param")).isEqualTo("previous_response_id");
      }
    }
    assertThat(api.lmStudio().requests()).hasSize(before);
  }

  @Test
  void fieldThatOccursTwice_is400AndNothingIsSent(Api api) throws Exception {
    create(api, "resp_own");
    int before = api.lmStudio().requests().size();
    for (String fields :
        List.of(
            ",\"previous_response_id\":\"resp_x\",\"previous_response_id\":\"resp_own\"",
            ",\"metadata\":{\"a\":[{\"b\":1}],\"\\u0061\":2}")) {
      HttpResponse<String> answer = api.send(post(api, "responses", ASK.formatted(fields)));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(Door.error(answer).getString("message")).contains("two fields with the same name");
    }
    HttpResponse<String> more = api.send(post(api, "responses", WHOLE + "{}"));
    assertThat(more.statusCode()).isEqualTo(400);
    assertThat(api.lmStudio().requests()).hasSize(before);
    api.lmStudio().enqueue("/v1/responses", Script.respondWithJson(200, "{}"));
    String allowed = ASK.formatted(",\"metadata\":{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}");
    assertThat(api.send(post(api, "responses", allowed)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONS, responses, 200",
    "OPTIONS, absent, 404",
    "PUT, responses, 405",
    "PUT, responses/resp_1, 405",
    "POST, responses/resp_1, 405",
    "PUT, absent, 404",
    "PROPFIND, absent, 404",
    "PROPFIND, streams/a, 405"
  })
  void methodWithoutAnOperation_is405AndAnUnknownPathIs404(
      String method, String path, int status, Api api) throws Exception {
    assertThat(rawStatus(api, method, path, "")).isEqualTo(status);
  }

  @Test
  void ownResponse_canBeContinuedAndAnAdminReachesEveryResponse(Api api) throws Exception {
    String created = CREATED.replace("\"x\"", "\"response\":{\"id\":\"resp_stream\"},\"x\"");
    api.lmStudio().enqueue("/v1/responses", Script.respondWithEvents(created + COMPLETED));
    assertThat(api.send(post(api, "responses", STREAMED)).body()).contains("resp_stream");
    api.lmStudio().enqueue("/v1/responses", Script.respondWithJson(200, "{}"));
    String next = ASK.formatted(",\"previous_response_id\":\"resp_stream\"");
    assertThat(api.send(post(api, "responses", next)).statusCode()).isEqualTo(200);
    assertThat(sent(api).bodyText()).isEqualTo(next);

    api.lmStudio().enqueue("/v1/responses", Script.respondWithJson(200, "{}"));
    String none = ASK.formatted(",\"previous_response_id\":null");
    assertThat(api.send(post(api, "responses", none)).statusCode()).isEqualTo(200);

    api.lmStudio().enqueue("/v1/responses/resp_other", Script.respondWithJson(200, "{}"));
    assertThat(api.send(at(api, PayaraServer.ADMIN, "responses/resp_other")).statusCode())
        .isEqualTo(200);
  }
}
