package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.data;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code POST infer} answers when all goes well. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class InferIT {
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,"
          + "\"total_tokens\":11}}\n\n";

  private static String answeredBy(String model, String content) {
    return "data: {\"model\":\"%s\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
        .formatted(model, content);
  }

  private static SimulatorRequest lastGeneration(Api api) {
    return api.lmStudio().requests().stream()
        .filter(SimulatorRequest::isGeneration)
        .reduce((before, after) -> after)
        .orElseThrow();
  }

  @Test
  void events_areAsTheContractSays(Api api) throws Exception {
    api.chatStreams(
        answeredBy("answers", "Hel"),
        Chunks.text("lo ☃ \ud83d\ude00"),
        Chunks.finish("stop"),
        USAGE,
        Chunks.DONE);
    long posted = api.lmStudio().generationsPosted();
    HttpResponse<String> response =
        api.send(
            api.request("infer")
                .header("Content-Type", JSON)
                .header("Accept", EVENTS)
                .header("Accept-Encoding", "gzip")
                .header("X-Request-Id", "it-7.a_b")
                .POST(BodyPublishers.ofString(chat("\"model\":\"asked\"", "\"seed\":7"))));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).startsWith(EVENTS);
    assertThat(header(response, "Cache-Control")).isEqualTo("no-cache, no-transform");
    assertThat(header(response, "X-Accel-Buffering")).isEqualTo("no");
    assertThat(header(response, "X-Request-Id")).isEqualTo("it-7.a_b");
    assertThat(header(response, "Content-Encoding")).as("never compressed").isEmpty();

    List<Event> all = EventText.events(response.body());
    EventText.assertWithoutGaps(all);
    List<Event> events = EventText.withoutProgress(all);
    assertThat(EventText.names(events)).containsExactly("started", "delta", "delta", "completed");
    assertThat(EventText.shown(events)).isEqualTo("Hello ☃ \ud83d\ude00");
    String id = events.get(0).text("stream_id");
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(header(response, "Location"))
        .isEqualTo(api.server().baseUrl().getPath() + Api.ROOT + "streams/" + id);
    assertThat(events).extracting(event -> event.text("stream_id")).containsOnly(id);
    assertThat(events)
        .extracting(event -> event.text("prompt_hash"))
        .allMatch(hash -> hash.matches("sha256:[0-9a-f]{64}"))
        .containsOnly(events.get(0).text("prompt_hash"));
    assertThat(events)
        .extracting(event -> event.text("model_id"))
        .containsExactly("asked", "answers", "answers", "answers");

    JsonObject started = events.get(0).data();
    assertThat(Instant.parse(started.getString("created"))).isBefore(Instant.now());
    assertThat(started.getString("model_requested")).isEqualTo("asked");
    JsonObject completed = events.get(3).data();
    assertThat(completed.getString("finish_reason")).isEqualTo("stop");
    assertThat(completed.getJsonObject("usage"))
        .isEqualTo(
            Api.json(
                "{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11,"
                    + "\"synthesized\":false}"));
    assertThat(completed.getJsonObject("stats"))
        .containsKeys("time_to_first_token_ms", "tokens_per_second");
    assertThat(completed.getJsonArray("warnings").getString(0)).contains("asked", "answers");

    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted + 1);
    JsonObject sent = Api.json(lastGeneration(api).bodyText());
    assertThat(sent.getBoolean("stream")).isTrue();
    assertThat(sent.getInt("seed")).isEqualTo(7);
  }

  @Test
  void streamFalse_isOneAnswerThatWasStreamedUpstream(Api api) throws Exception {
    api.chatStreams(
        Chunks.delta("{\"reasoning_content\":\"hm\"}"), Chunks.text("Hello"), Chunks.end());
    HttpResponse<String> response = api.send(api.infer(JSON, chat("\"stream\":false")));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    JsonObject data = data(response);
    assertThat(data.keySet())
        .isEqualTo(
            Set.of(
                "stream_id",
                "model_id",
                "prompt_hash",
                "content",
                "reasoning",
                "finish_reason",
                "usage",
                "stats",
                "attempts",
                "downgraded"));
    assertThat(data.getString("content")).isEqualTo("Hello");
    assertThat(data.getString("reasoning")).isEqualTo("hm");
    assertThat(data.getJsonObject("usage").getBoolean("synthesized")).isTrue();
    assertThat(data.getJsonObject("usage").getInt("completion_tokens")).isEqualTo(2);
    assertThat(data.getInt("attempts")).isEqualTo(1);
    assertThat(data.getBoolean("downgraded")).isFalse();
    assertThat(Api.json(lastGeneration(api).bodyText()).getBoolean("stream")).isTrue();
    assertThat(api.state(data.getString("stream_id")).getString("content")).isEqualTo("Hello");
  }

  @Test
  void acceptJson_is202AndGoesOnByItself(Api api) throws Exception {
    api.chatStreams(Chunks.text("Hello"), Chunks.end());
    HttpResponse<String> response = api.send(api.infer(JSON, chat("\"model\":\"asked\"")));
    assertThat(response.statusCode()).isEqualTo(202);
    JsonObject data = data(response);
    assertThat(data.keySet())
        .isEqualTo(Set.of("stream_id", "model_id", "prompt_hash", "status", "events_url"));
    assertThat(data.getString("model_id")).isEqualTo("asked");
    assertThat(data.getString("status")).isIn("queued", "running", "completed");
    assertThat(header(response, "Location")).isEqualTo(data.getString("events_url"));
    try (Listening listener =
        api.listen(
            api.anonymous("")
                .uri(api.server().baseUrl().resolve(data.getString("events_url")))
                .header("Authorization", "Bearer " + PayaraServer.ALICE)
                .header("Accept", EVENTS)
                .build())) {
      List<Event> events = listener.readAll().events();
      EventText.assertWithoutGaps(events);
      assertThat(EventText.shown(events)).isEqualTo("Hello");
    }
  }

  @Test
  void acceptJsonAndLmStudioRefuses_isAFailedEntry(Api api) throws Exception {
    api.chatAnswers(Script.respondWithJson(401, "{\"error\":\"no token\"}"));
    String id = api.begin(PayaraServer.ALICE, chat("\"model\":\"asked\""));
    try (Listening listener = api.attach(id, "")) {
      List<Event> events = EventText.withoutProgress(listener.readAll().events());
      assertThat(EventText.names(events)).containsExactly("started", "failed");
      JsonObject error = events.get(1).data().getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("upstream_auth_failed");
      assertThat(error.getString("hint")).isNotBlank();
    }
    JsonObject state = api.state(id);
    assertThat(state.getString("status")).isEqualTo("failed");
    assertThat(state.getJsonObject("error").getString("code")).isEqualTo("upstream_auth_failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*                                   |       | 200 | text/event-stream",
        "*/*                                   | false | 200 | application/json",
        "text/event-stream, application/json   |       | 200 | text/event-stream",
        "application/json, text/event-stream;q=0.5 | true | 202 | application/json",
        "application/json, text/event-stream   | false | 200 | application/json",
        "text/event-stream                     | false | 406 | application/json",
        "text/html                             |       | 406 | application/json",
      })
  void accept_choosesTheForm(String accept, Boolean stream, int status, String type, Api api)
      throws Exception {
    String body = stream == null ? chat() : chat("\"stream\":" + stream);
    HttpResponse<String> response = api.send(api.infer(accept, body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(header(response, "Content-Type")).startsWith(type);
    if (status == 406) {
      assertThat(Api.code(response, 406)).isEqualTo("not_acceptable");
    }
  }

  @Test
  void noAcceptHeader_isAnEventStream(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(
            api.request("infer")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(chat())));
    assertThat(EventText.names(EventText.events(response.body()))).endsWith("completed");
  }

  @Test
  void prompt_isContinued(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(api.infer(JSON, "{\"prompt\":\"Once upon\",\"stream\":false,\"max_tokens\":5}"));
    assertThat(data(response).getString("content")).isNotEmpty();
    assertThat(lastGeneration(api).path()).isEqualTo("/v1/completions");
  }

  @Test
  void toolCalls_areFragmentsInEventsAndWholeInAnswers(Api api) throws Exception {
    String[] frames = {
      Chunks.delta(
          "{\"tool_calls\":[{\"index\":0,\"id\":\"771\",\"type\":\"function\",\"function\":"
              + "{\"name\":\"now\",\"arguments\":\"\"}}]}"),
      Chunks.delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}"),
      Chunks.finish("tool_calls"),
      Chunks.DONE
    };
    api.chatStreams(frames).chatStreams(frames);
    List<Event> events =
        EventText.withoutProgress(
            EventText.events(api.send(api.infer(EVENTS, chat("\"model\":\"m\""))).body()));
    JsonObject fragment = events.get(2).data().getJsonArray("tool_calls").getJsonObject(0);
    assertThat(fragment.getInt("index")).isZero();
    assertThat(events.get(2).data()).doesNotContainKey("content");

    JsonObject data = data(api.send(api.infer(JSON, chat("\"stream\":false"))));
    assertThat(data.getString("finish_reason")).isEqualTo("tool_calls");
    assertThat(data.getJsonArray("tool_calls"))
        .containsExactly(
            Api.json(
                "{\"id\":\"771\",\"type\":\"function\",\"function\":{\"name\":\"now\","
                    + "\"arguments\":\"{}\"}}"))
        .isEqualTo(api.state(events.get(0).text("stream_id")).getJsonArray("tool_calls"));
  }

  @Test
  void anotherModelAnswers_isAWarning(Api api) throws Exception {
    api.chatStreams(answeredBy("other", "Hello"), Chunks.end());
    HttpResponse<String> response =
        api.send(api.infer(JSON, chat("\"model\":\"asked\"", "\"stream\":false")));
    assertThat(data(response).getString("model_id")).isEqualTo("other");
    JsonObject meta = Api.success(response).getJsonObject("meta");
    assertThat(meta.getJsonArray("warnings").getString(0)).contains("asked", "other");
  }

  @Test
  void sameRequest_hasTheSameHashWhateverItsForm(Api api) throws Exception {
    String one =
        data(api.send(api.infer(JSON, chat("\"model\":\"sim-chat\"", "\"seed\":1"))))
            .getString("prompt_hash");
    JsonObject other =
        data(
            api.send(
                api.infer(
                    JSON, chat("\"seed\":1.0", "\"stream\":false", "\"model\":\"sim-chat\""))));
    assertThat(other.getString("prompt_hash")).isEqualTo(one);
  }
}
