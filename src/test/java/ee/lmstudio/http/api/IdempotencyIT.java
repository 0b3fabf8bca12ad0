package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.data;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with the header {@code Idempotency-Key}. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class IdempotencyIT {
  private static final String WHOLE = "\"stream\":false";

  private final String key = UUID.randomUUID().toString();

  private static HttpRequest request(
      Api api, String token, String key, String accept, String body) {
    return api.as(token, "infer")
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> ask(Api api, String accept, String... fields) throws Exception {
    return api.send(request(api, PayaraServer.ALICE, key, accept, chat(fields)));
  }

  private static Api answers(Api api) {
    return api.chatStreams(Chunks.text("Hello"), Chunks.finish("stop"), Chunks.DONE);
  }

  @Test
  void repeatedRequest_getsTheFinishedStream(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    HttpResponse<String> first = ask(answers(api), EVENTS);
    HttpResponse<String> again = ask(api, EVENTS);

    assertThat(header(first, "Idempotent-Replay")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "Idempotent-Replay")).isEqualTo("true");
    assertThat(header(again, "Location")).isEqualTo(header(first, "Location")).isNotEmpty();
    assertThat(again.body()).isEqualTo(first.body()).contains("event: completed");
    assertThat(api.lmStudio().generationsPosted() - posted).isEqualTo(1);
  }

  @Test
  void repeatedRequestForTheAddress_getsTheSameAddress(Api api) throws Exception {
    HttpResponse<String> first = ask(answers(api), JSON);
    HttpResponse<String> again = ask(api, JSON);

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(header(again, "Idempotent-Replay")).isEqualTo("true");
    assertThat(header(again, "Location")).isEqualTo(header(first, "Location"));
    assertThat(data(again).getString("stream_id")).isEqualTo(data(first).getString("stream_id"));
  }

  @Test
  void repeatedRequestForTheWholeAnswer_getsTheSameAnswer(Api api) throws Exception {
    HttpResponse<String> first = ask(answers(api), JSON, WHOLE);
    HttpResponse<String> again = ask(api, JSON, WHOLE);

    assertThat(header(again, "Idempotent-Replay")).isEqualTo("true");
    assertThat(data(again)).isEqualTo(data(first));
  }

  @Test
  void manyRequestsAtTheSameMoment_generateOnce(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    answers(api);
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(api.sendAsync(request(api, PayaraServer.ALICE, key, EVENTS, chat())));
    }
    for (CompletableFuture<HttpResponse<String>> one : asked) {
      assertThat(one.get().body()).contains("event: completed");
    }
    assertThat(asked)
        .extracting(one -> header(one.get(), "Location"))
        .containsOnly(header(asked.get(0).get(), "Location"));
    assertThat(api.lmStudio().generationsPosted() - posted).isEqualTo(1);
  }

  @Test
  void sameKeyWithAnotherBody_isAConflict(Api api) throws Exception {
    ask(answers(api), EVENTS);
    HttpResponse<String> other = ask(api, EVENTS, "\"seed\":1");

    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("\"code\":\"idempotency_conflict\"");
  }

  @Test
  void keyOfAnotherCaller_isAnotherKey(Api api) throws Exception {
    HttpResponse<String> alice = ask(answers(api), EVENTS);
    HttpResponse<String> bob =
        answers(api).send(request(api, PayaraServer.BOB, key, EVENTS, chat("\"seed\":2")));

    assertThat(bob.statusCode()).isEqualTo(200);
    assertThat(header(bob, "Idempotent-Replay")).isEmpty();
    assertThat(header(bob, "Location")).isNotEqualTo(header(alice, "Location"));
  }

  @Test
  void requestThatFailedBeforeItsStream_canBeRepeated(Api api) throws Exception {
    // The first generation of a server may take longer than the second after which a stream opens.
    answers(api).send(request(api, PayaraServer.ALICE, "another", EVENTS, chat()));
    api.chatAnswers(Script.respondWithJson(400, "{\"error\":\"no\"}"));
    HttpResponse<String> failed = ask(api, EVENTS);
    HttpResponse<String> again = ask(answers(api), EVENTS);

    assertThat(failed.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "Idempotent-Replay")).isEmpty();
  }

  @Test
  void allClientsThatWaitForOneAnswerLeave_upstreamIsClosedAndARepetitionGeneratesAgain(Api api)
      throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall());
    String body = chat(WHOLE, "\"model\":\"m\"");
    String request =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                .formatted(api.url("infer").getPath(), PayaraServer.ALICE)
            + "Idempotency-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(key, body.length(), body);
    int port = api.server().baseUrl().getPort();
    try (Socket one = new Socket("127.0.0.1", port);
        Socket other = new Socket("127.0.0.1", port)) {
      one.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      other.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();

    long posted = api.lmStudio().generationsPosted();
    HttpRequest again = request(answers(api), PayaraServer.ALICE, key, JSON, body);
    CompletableFuture<HttpResponse<String>> first = api.sendAsync(again);
    CompletableFuture<HttpResponse<String>> second = api.sendAsync(again);
    assertThat(first.get().statusCode()).as(first.get().body()).isEqualTo(200);
    assertThat(data(first.get()).getString("content")).isEqualTo("Hello");
    assertThat(data(second.get())).isEqualTo(data(first.get()));
    assertThat(api.lmStudio().generationsPosted() - posted).isEqualTo(1);
  }

  @Test
  void streamThatItsOwnerCancelled_isReplayed(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall());
    String id = data(ask(api, JSON)).getString("stream_id");
    assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();
    assertThat(api.send(api.request("streams/" + id).DELETE()).statusCode()).isEqualTo(200);

    HttpResponse<String> again = ask(api, JSON);
    assertThat(data(again).getString("stream_id")).isEqualTo(id);
    assertThat(header(again, "Idempotent-Replay")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space"})
  void keyThatIsNotValid_isRefused(String invalid, Api api) throws Exception {
    HttpResponse<String> refused =
        api.send(request(api, PayaraServer.ALICE, invalid, EVENTS, chat()));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("\"field\":\"Idempotency-Key\"");
  }

  @Test
  void longestKey_isAllowedAndALongerOneIsNot(Api api) throws Exception {
    HttpRequest longest =
        request(answers(api), PayaraServer.ALICE, "k".repeat(255), EVENTS, chat("\"seed\":3"));
    assertThat(api.send(longest).statusCode()).isEqualTo(200);
    HttpRequest longer =
        request(api, PayaraServer.ALICE, "k".repeat(256), EVENTS, chat("\"seed\":3"));
    assertThat(api.send(longer).statusCode()).isEqualTo(422);
  }
}
