package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A caller who runs as many streams as one may: the next ones wait for their turn. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class QueueIT {
  private static final String BUSY = "busy-token";
  private static final int MAY_RUN = 64;

  /** Listened to, or they would be cancelled after their grace. */
  private final List<Listening> running = new ArrayList<>();

  @BeforeEach
  void runAsManyAsAllowed(Api api) throws Exception {
    for (int i = 0; i < MAY_RUN; i++) {
      api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
      running.add(api.listen(api.inferAs(BUSY, EVENTS, chat("\"model\":\"m\""))));
    }
    for (int i = 0; i < MAY_RUN; i++) {
      assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    }
  }

  @AfterEach
  void endAll(Api api) throws Exception {
    for (Listening listener : running) {
      listener.close();
    }
    HttpResponse<String> list = api.send(api.as(BUSY, "streams"));
    for (JsonObject stream : Api.success(list).getJsonArray("data").getValuesAs(JsonObject.class)) {
      cancel(api, stream.getString("stream_id"));
    }
  }

  private static HttpResponse<String> cancel(Api api, String id) throws Exception {
    return api.send(api.as(BUSY, "streams/" + id).DELETE());
  }

  private static JsonObject state(Api api, String id) throws Exception {
    return Api.data(api.send(api.as(BUSY, "streams/" + id)));
  }

  private static Listening listen(Api api, String id) throws Exception {
    return api.listen(api.as(BUSY, "streams/" + id).header("Accept", EVENTS).build());
  }

  @Test
  void oneMore_waitsAndRunsWhenAPlaceIsFree(Api api) throws Exception {
    HttpResponse<String> accepted = api.send(api.inferAs(BUSY, JSON, chat("\"model\":\"late\"")));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    assertThat(Api.data(accepted).getString("status")).isEqualTo("queued");
    String id = Api.data(accepted).getString("stream_id");
    assertThat(state(api, id).getString("status")).isEqualTo("queued");
    try (Listening listener = listen(api, id)) {
      listener.readUntilEvent("progress");
      Event progress = listener.events().get(1);
      assertThat(progress.text("phase")).isEqualTo("queued");
      assertThat(progress.data().getInt("position")).isEqualTo(1);

      api.chatStreams(Chunks.text("at last"), Chunks.end());
      cancel(api, running.get(0).streamId());
      List<Event> events = listener.readAll().events();
      EventText.assertWithoutGaps(events);
      assertThat(EventText.names(events))
          .startsWith("started", "progress")
          .endsWith("delta", "completed");
      assertThat(state(api, id).getString("content")).isEqualTo("at last");
    }
  }

  @Test
  void cancelledWhileItWaits_isNeverPosted(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    String id = api.begin(BUSY, chat("\"model\":\"late\""));
    HttpResponse<String> cancelled = cancel(api, id);
    assertThat(Api.data(cancelled).getString("status")).isEqualTo("cancelled");
    try (Listening listener = listen(api, id)) {
      List<Event> events = listener.readAll().events();
      assertThat(EventText.names(events)).containsExactly("started", "progress", "cancelled");
      assertThat(events.get(2).text("by")).isEqualTo("client");
    }
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted);
  }

  @Test
  void noTurnInTime_is429AndAFailedEvent(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    String begun = api.begin(BUSY, chat("\"model\":\"late\""));
    HttpResponse<String> waited = api.send(api.inferAs(BUSY, JSON, chat("\"stream\":false")));
    assertThat(Api.error(waited).getString("code")).isEqualTo("rate_limited");
    try (Listening listener = listen(api, begun)) {
      List<Event> events = listener.readAll().events();
      assertThat(EventText.names(events)).startsWith("started", "progress").endsWith("failed");
      JsonObject error = events.getLast().data().getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("rate_limited");
      assertThat(error.getString("message"))
          .contains("Waited 3000 ms", "Too many of your streams", "limit 64");
    }
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted);
  }

  @Test
  void asManyWaitAsMayRun_nextIs429WithRetryAfter(Api api) throws Exception {
    for (int i = 0; i < MAY_RUN; i++) {
      api.begin(BUSY, chat("\"model\":\"late\""));
    }
    HttpResponse<String> response = api.send(api.inferAs(BUSY, JSON, chat("\"stream\":false")));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
    assertThat(Api.error(response).getString("code")).isEqualTo("rate_limited");
    assertThat(response.headers().firstValue("Retry-After").orElseThrow()).matches("[1-9]\\d*");
  }
}
