package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an application that shares the WAR with us sees: CDI events, and the SDK as a bean. */
@ExtendWith(ContractServer.class)
@Timeout(120)
class InferenceEventsIT {
  private static final int STREAMS = 200;
  private static final int CALLERS = 4;

  private static String recorder(Api api, String query) throws Exception {
    HttpResponse<String> response =
        api.send(
            api.anonymous("recorder?" + query)
                .header("Authorization", "Bearer " + PayaraServer.ALICE));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static JsonArray recorded(Api api, String what, String stream) throws Exception {
    try (JsonReader reader =
        Json.createReader(new StringReader(recorder(api, "what=" + what + "&of=" + stream)))) {
      return reader.readArray();
    }
  }

  /** What was observed of a stream, when its last entry was. */
  private static List<Event> observed(Api api, String stream) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      List<Event> events = new ArrayList<>();
      for (JsonObject event : recorded(api, "streamed", stream).getValuesAs(JsonObject.class)) {
        JsonObject data = event.getJsonObject("data");
        events.add(new Event(data.getInt("cursor"), event.getString("event"), data));
      }
      String last = events.isEmpty() ? "" : events.get(events.size() - 1).name();
      if (List.of("completed", "failed", "cancelled").contains(last) || System.nanoTime() > end) {
        return events;
      }
    }
  }

  @Test
  void twoHundredStreams_areObservedEntryByEntry(Api api) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      Script script = Script.respondWith(200, EVENTS);
      for (int token = 0; token < 30; token++) {
        script.body(Chunks.text("token ☃ " + token));
        if (token % 10 == 0) {
          script.thenPause(Duration.ofMillis(200));
        }
      }
      api.chatAnswers(script.body(Chunks.end()));
      String caller = "crowd-" + i % CALLERS + "-token";
      streams.add(
          api.sendAsync(api.inferAs(caller, EVENTS, chat("\"model\":\"m\"", "\"seed\":" + i))));
    }
    for (CompletableFuture<HttpResponse<String>> stream : streams) {
      List<Event> heard = EventText.events(stream.get().body());
      EventText.assertWithoutGaps(heard);
      // On a busy machine one may wait so long that it is told so.
      assertThat(EventText.names(heard)).filteredOn(name -> !name.equals("progress")).hasSize(32);
      assertThat(observed(api, heard.get(0).text("stream_id"))).isEqualTo(heard);
    }
  }

  @Test
  void observerThatThrows_harmsNeitherTheStreamNorOtherObservers(Api api) throws Exception {
    api.chatStreams(Chunks.text("a"), Chunks.text("b"), Chunks.end());
    HttpResponse<String> response =
        api.send(api.infer(EVENTS, chat("\"model\":\"" + EventRecorder.THROWS + "\"")));
    List<Event> heard = EventText.events(response.body());
    assertThat(EventText.shown(heard)).isEqualTo("ab");
    assertThat(observed(api, heard.get(0).text("stream_id"))).isEqualTo(heard);
    assertThat(api.server().log()).contains("An observer of a CDI event threw an exception");
  }

  @Test
  void observerThatBlocks_delaysNoListenerAndNoOtherStream(Api api) throws Exception {
    api.chatStreams(Chunks.text("a"), Chunks.end());
    HttpResponse<String> response =
        api.send(api.infer(EVENTS, chat("\"model\":\"" + EventRecorder.BLOCKS + "\"")));
    List<Event> heard = EventText.events(response.body());
    assertThat(EventText.names(EventText.withoutProgress(heard)))
        .containsExactly("started", "delta", "completed");
    assertThat(recorded(api, "streamed", heard.get(0).text("stream_id"))).isEmpty();

    api.chatStreams(Chunks.text("b"), Chunks.end());
    List<Event> other =
        EventText.events(api.send(api.infer(EVENTS, chat("\"model\":\"m\""))).body());
    assertThat(observed(api, other.get(0).text("stream_id"))).isEqualTo(other);

    recorder(api, "what=unblock");
    assertThat(observed(api, heard.get(0).text("stream_id"))).isEqualTo(heard);
  }

  @Test
  void downgraded_isFiredOnceWithItsReason(Api api) throws Exception {
    api.chatAnswers(Script.respondWithJson(200, Chunks.whole("plain")));
    List<Event> heard =
        EventText.events(api.send(api.infer(EVENTS, chat("\"model\":\"m\""))).body());
    String id = heard.get(0).text("stream_id");
    assertThat(observed(api, id)).isEqualTo(heard);
    assertThat(recorded(api, "downgraded", id))
        .containsExactly(
            Json.createObjectBuilder()
                .add("model_id", "m")
                .add("prompt_hash", heard.get(0).text("prompt_hash"))
                .add("reason", "not_streamed")
                .add("attempts", 1)
                .build());
  }

  @Test
  void sdk_isInjected(Api api) throws Exception {
    api.chatStreams(Chunks.text("from a bean"), Chunks.end());
    assertThat(recorder(api, "what=chat&of=m")).isEqualTo("from a bean");
    assertThat(recorder(api, "what=models")).isEqualTo("sim-chat");
  }
}
