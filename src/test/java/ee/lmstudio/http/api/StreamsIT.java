package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.data;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attach, resume, read, list and cancel. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class StreamsIT {
  private static final String ASK = chat("\"model\":\"sim-chat\"");

  /** A stream of Alice's that has ended with {@code completed} as entry 5. */
  private static String finished(Api api) throws Exception {
    api.chatStreams(Chunks.text("a"), Chunks.text("b"), Chunks.text("c"), Chunks.end());
    List<Event> events = EventText.events(api.send(api.infer(EVENTS, ASK)).body());
    assertThat(events).hasSize(5);
    return events.get(0).text("stream_id");
  }

  private static List<Integer> ids(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return EventText.events(response.body()).stream().map(Event::id).toList();
  }

  private static HttpRequest.Builder events(Api api, String path) {
    return api.request("streams/" + path).header("Accept", EVENTS);
  }

  @Test
  void resumed_goesOnBehindTheCursor(Api api) throws Exception {
    String id = finished(api);
    for (int last = 1; last < 5; last++) {
      List<Integer> missed = IntStream.rangeClosed(last + 1, 5).boxed().toList();
      assertThat(ids(api.send(events(api, id).header("Last-Event-ID", "" + last))))
          .isEqualTo(missed);
      assertThat(ids(api.send(events(api, id + "?cursor=" + last)))).isEqualTo(missed);
    }
  }

  @Test
  void invalidCursor_startsAtTheBeginning(Api api) throws Exception {
    String id = finished(api);
    for (String none :
        new String[] {"0", "-1", "6", "abc", "1.5", " ", "999999999999999999999", "0x3"}) {
      assertThat(ids(api.send(events(api, id).header("Last-Event-ID", none))))
          .as("Last-Event-ID %s", none)
          .containsExactly(1, 2, 3, 4, 5);
    }
    assertThat(ids(api.send(events(api, id + "?cursor=x")))).hasSize(5);
    assertThat(ids(api.send(events(api, id)))).hasSize(5);
  }

  @Test
  void headerBeatsQuery(Api api) throws Exception {
    String id = finished(api);
    assertThat(ids(api.send(events(api, id + "?cursor=1").header("Last-Event-ID", "3"))))
        .containsExactly(4, 5);
    assertThat(api.send(events(api, id + "?cursor=1").header("Last-Event-ID", "5")).statusCode())
        .isEqualTo(204);
  }

  @Test
  void lastCursorOfAFinishedStream_is204(Api api) throws Exception {
    HttpResponse<String> response =
        api.send(events(api, finished(api)).header("Last-Event-ID", "5"));
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void lastCursorOfARunningStream_waits(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall().body(Chunks.end()));
    try (Listening first = api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta");
        Listening resumed = api.attach(first.streamId(), "2")) {
      resumed.readUntil(text -> text.contains("retry: 1000\n\n"));
      api.lmStudio().release();
      assertThat(resumed.readAll().events()).extracting(Event::id).containsExactly(3);
    }
  }

  @Test
  void everyListener_getsTheSameBytes(Api api) throws Exception {
    Script script = Script.respondWith(200, EVENTS);
    for (int i = 0; i < 50; i++) {
      script.body(Chunks.text("token ☃ " + i));
      if (i % 10 == 5) {
        script.thenStall();
      }
    }
    api.chatAnswers(script.body(Chunks.end()));
    List<Listening> listeners = new ArrayList<>();
    listeners.add(api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta"));
    String id = listeners.get(0).streamId();
    for (int i = 0; i < 5; i++) {
      assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
      listeners.add(api.attach(id, ""));
      listeners.add(api.attach(id, "0"));
      api.lmStudio().release();
    }
    String first = withoutComments(listeners.get(0).readAll());
    assertThat(EventText.events(first)).hasSize(52);
    for (Listening listener : listeners) {
      assertThat(withoutComments(listener.readAll())).isEqualTo(first);
      listener.close();
    }
  }

  private static String withoutComments(Listening listener) {
    return listener.text().replace(": keep-alive\n\n", "");
  }

  @Test
  void state_saysWhereTheStreamIs(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWith(200, EVENTS).body(Chunks.text("so far")).thenStall().body(Chunks.end()));
    try (Listening listener = api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta")) {
      String id = listener.streamId();
      JsonObject running = api.state(id);
      assertThat(running.keySet())
          .isEqualTo(
              Set.of(
                  "stream_id",
                  "model_id",
                  "prompt_hash",
                  "cursor",
                  "status",
                  "content",
                  "reasoning",
                  "tool_calls",
                  "finish_reason",
                  "usage",
                  "error",
                  "started_at",
                  "finished_at"));
      assertThat(running.getString("status")).isEqualTo("running");
      assertThat(running.getString("content")).isEqualTo("so far");
      assertThat(running.getInt("cursor")).isEqualTo(2);
      assertThat(running.get("finished_at")).isEqualTo(JsonValue.NULL);

      HttpResponse<String> anyType = api.send(api.request("streams/" + id).header("Accept", "*/*"));
      assertThat(data(anyType)).as("JSON unless events are asked for").isEqualTo(running);

      api.lmStudio().release();
      listener.readAll();
      JsonObject done = api.state(id);
      assertThat(done.getString("status")).isEqualTo("completed");
      assertThat(done.getString("finish_reason")).isEqualTo("stop");
      assertThat(done.getJsonObject("usage").getBoolean("synthesized")).isTrue();
      assertThat(Instant.parse(done.getString("finished_at")))
          .isAfterOrEqualTo(Instant.parse(done.getString("started_at")));
    }
  }

  @Test
  void cancelled_closesUpstreamAndTellsListenersOnce(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
    try (Listening listener = api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta")) {
      String path = "streams/" + listener.streamId();
      HttpResponse<String> first = api.send(api.request(path).DELETE());
      assertThat(data(first).getString("status")).isEqualTo("cancelled");
      assertThat(data(first).getString("content")).isEqualTo("a");
      assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();

      List<Event> events = EventText.withoutProgress(listener.readAll().events());
      assertThat(EventText.names(events)).containsExactly("started", "delta", "cancelled");
      assertThat(events.get(2).text("by")).isEqualTo("client");

      HttpResponse<String> second = api.send(api.request(path).DELETE());
      assertThat(data(second)).isEqualTo(data(first));
      assertThat(api.state(listener.streamId()).getInt("cursor"))
          .isEqualTo(listener.events().size());
    }
  }

  @Test
  void cancelledBeforeLmStudioAnswers_endsAtOnce(Api api) throws Exception {
    api.chatAnswers(Script.respondWithRaw(new byte[] {'H'}).stallAt(0));
    String id = api.begin(PayaraServer.ALICE, ASK);
    assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    JsonObject data = data(api.send(api.request("streams/" + id).DELETE()));
    assertThat(data.getString("status")).isEqualTo("cancelled");
    assertThat(data.getInt("cursor")).isEqualTo(2);
  }

  @Test
  void wholeAnswerCancelledByAnother_isAnError(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
    var answer = api.sendAsync(api.infer(JSON, chat("\"stream\":false", "\"model\":\"cancel\"")));
    assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    String id = api.awaitStream("cancel").getString("stream_id");
    api.send(api.request("streams/" + id).DELETE());
    assertThat(code(answer.get(), 409)).isEqualTo("cancelled");
  }

  @Test
  void cancelledWhenOver_staysAsItWas(Api api) throws Exception {
    String id = finished(api);
    assertThat(data(api.send(api.request("streams/" + id).DELETE()))).isEqualTo(api.state(id));
    assertThat(api.state(id).getString("status")).isEqualTo("completed");
  }

  @Test
  void foreignStream_doesNotExistButForAdmins(Api api) throws Exception {
    String path = "streams/" + finished(api);
    String absent = "streams/00000000000000000000000000000000";
    for (HttpRequest.Builder foreign :
        new HttpRequest.Builder[] {
          api.as(PayaraServer.BOB, path),
          api.as(PayaraServer.BOB, path).header("Accept", EVENTS).header("Last-Event-ID", "5"),
          api.as(PayaraServer.BOB, path).DELETE()
        }) {
      HttpResponse<String> response = api.send(foreign);
      assertThat(code(response, 404)).isEqualTo("stream_not_found");
      assertThat(Api.error(response))
          .as("as if it were absent")
          .isEqualTo(Api.error(api.send(api.as(PayaraServer.BOB, absent))));
    }
    assertThat(data(api.send(api.as(PayaraServer.ADMIN, path))).getString("content"))
        .isEqualTo("abc");
    assertThat(api.send(api.as(PayaraServer.ADMIN, path).DELETE()).statusCode()).isEqualTo(200);
  }

  @Test
  void list_isTheCallersOwnWithoutTexts(Api api) throws Exception {
    String id = finished(api);
    JsonObject state = api.state(id);
    JsonObject listed = only(list(api, PayaraServer.ALICE, ""), id);
    assertThat(state).containsAllEntriesOf(listed);
    assertThat(state.keySet())
        .containsAll(listed.keySet())
        .hasSize(listed.size() + Set.of("content", "reasoning", "tool_calls").size());
    assertThat(listed).doesNotContainKeys("content", "reasoning", "tool_calls");
    assertThat(list(api, PayaraServer.BOB, "?all=true")).noneMatch(has(id));
    assertThat(list(api, PayaraServer.ADMIN, "")).noneMatch(has(id));
    assertThat(only(list(api, PayaraServer.ADMIN, "?all=true"), id)).isEqualTo(listed);
  }

  private static List<JsonObject> list(Api api, String token, String query) throws Exception {
    HttpResponse<String> response = api.send(api.as(token, "streams" + query));
    return Api.success(response).getJsonArray("data").getValuesAs(JsonObject.class);
  }

  private static Predicate<JsonObject> has(String id) {
    return stream -> stream.getString("stream_id").equals(id);
  }

  private static JsonObject only(List<JsonObject> streams, String id) {
    List<JsonObject> found = streams.stream().filter(has(id)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
