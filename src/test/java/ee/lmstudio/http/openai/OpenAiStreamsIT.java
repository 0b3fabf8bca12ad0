package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.openai.Door.CHAT;
import static ee.lmstudio.http.openai.Door.STREAM;
import static ee.lmstudio.http.openai.Door.at;
import static ee.lmstudio.http.openai.Door.data;
import static ee.lmstudio.http.openai.Door.error;
import static ee.lmstudio.http.openai.Door.post;
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
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The streams of the OpenAI door: left, resumed, cancelled and asked for again. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class OpenAiStreamsIT {
  @Test
  void clientThatLeaves_closesTheGeneration(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("one")).thenStall());
    try (Listening client = api.listen(post(api, CHAT, Api.chat(STREAM)))) {
      client.readUntil(read -> read.contains("one"));
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();
  }

  @Test
  void clientThatWantsToComeBack_resumesWhereItWas(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWithEvents(Chunks.text("one"))
            .thenStall()
            .body(Chunks.text("two") + Chunks.end()));
    String id;
    String read;
    try (Listening client =
        api.listen(post(api, CHAT, Api.chat(STREAM), "X-Orphan-Grace", "30s"))) {
      read = client.readUntil(some -> some.contains("one") && some.endsWith("\n\n")).text();
      id = header(client.response, "X-Stream-Id");
    }
    assertThat(read).matches("(?s)id: [0-9]+\ndata: .*one.*");
    String cursor = read.substring(4, read.indexOf('\n'));
    api.lmStudio().release();

    HttpRequest resume =
        at(api, PayaraServer.ALICE, "streams/" + id)
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", cursor)
            .build();
    String rest = api.send(resume).body();
    assertThat(rest).doesNotContain("one").contains("two").endsWith(Chunks.DONE);

    String[] ids = rest.split("id: ");
    String last = ids[ids.length - 1].lines().findFirst().orElseThrow();
    HttpRequest end =
        at(api, PayaraServer.ALICE, "streams/" + id).header("Last-Event-ID", last).build();
    assertThat(api.send(end).statusCode()).isEqualTo(204);

    // The same stream in this server's own format.
    assertThat(api.state(id).getString("content")).isEqualTo("onetwo");
    assertThat(api.send(at(api, PayaraServer.BOB, "streams/" + id)).statusCode()).isEqualTo(404);
  }

  @Test
  void streamOfTheDoor_canBeCancelledFromTheOtherApi(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("one")).thenStall());
    try (Listening client = api.listen(post(api, CHAT, Api.chat(STREAM)))) {
      client.readUntil(read -> read.contains("one"));
      String id = header(client.response, "X-Stream-Id");
      assertThat(api.send(api.request("streams/" + id).DELETE()).statusCode()).isEqualTo(200);
      assertThat(data(client.readAll().text()).getLast())
          .contains("\"code\":\"cancelled\"")
          .isNotEqualTo("[DONE]");
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();
  }

  @Test
  void resetOfAStreamOfInfer_endsItForOpenAisClients(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("void")).thenReset());
    api.chatStreams(Chunks.text("true"), Chunks.end());
    String id = api.begin(PayaraServer.ALICE, Api.chat());
    try (Listening done = api.attach(id, "")) {
      done.readAll();
    }
    HttpRequest.Builder request =
        at(api, PayaraServer.ALICE, "streams/" + id).header("Accept", "text/event-stream");
    assertThat(api.send(request.build()).body()).contains("true").doesNotContain("void");
    assertThat(api.send(request.header("Last-Event-ID", "1").build()).body())
        .contains("void", "upstream_error")
        .doesNotContain("[DONE]");
  }

  @Test
  void repeatedRequestWithAKey_getsTheSameStream(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    String key = UUID.randomUUID().toString();
    api.chatStreams(Chunks.text("once"), Chunks.end());
    HttpRequest request = post(api, CHAT, Api.chat(STREAM), "Idempotency-Key", key);
    HttpResponse<String> first = api.send(request);
    HttpResponse<String> again = api.send(request);

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(header(again, "Idempotent-Replay")).isEqualTo("true");
    assertThat(header(again, "X-Stream-Id")).isEqualTo(header(first, "X-Stream-Id"));
    assertThat(api.lmStudio().generationsPosted() - posted).isEqualTo(1);

    HttpResponse<String> elsewhere =
        api.send(
            api.request("infer")
                .headers("Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString(Api.chat(STREAM))));
    assertThat(elsewhere.statusCode()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({"soon", "-1s", "11m", "''"})
  void graceThatIsNoDuration_isRefused(String grace, Api api) throws Exception {
    HttpResponse<String> answer =
        api.send(post(api, CHAT, Api.chat(STREAM), "X-Orphan-Grace", grace));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer).getString("param")).isEqualTo("X-Orphan-Grace");
  }
}
