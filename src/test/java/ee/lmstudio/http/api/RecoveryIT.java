package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What listeners see when LM Studio's stream breaks. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class RecoveryIT {
  private static final String ASK = chat("\"model\":\"sim-chat\"");

  /** A stream that brings this and then breaks. */
  private static Script breaksAfter(String... frames) {
    return Script.respondWith(200, EVENTS).body(String.join("", frames)).thenReset();
  }

  private static Script whole(String text) {
    return Script.respondWithJson(200, Chunks.whole(text));
  }

  private static List<Event> ask(Api api) throws Exception {
    List<Event> events = EventText.events(api.send(api.infer(EVENTS, ASK)).body());
    EventText.assertWithoutGaps(events);
    return EventText.withoutProgress(events);
  }

  private static Event named(List<Event> events, String name) {
    return events.stream().filter(event -> event.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void breaksTwiceBeforeText_comesPlain(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    api.chatAnswers(breaksAfter()).chatAnswers(breaksAfter()).chatAnswers(whole("plain"));
    List<Event> events = ask(api);
    assertThat(EventText.names(events))
        .containsExactly("started", "downgraded", "delta", "completed");
    JsonObject downgraded = events.get(1).data();
    assertThat(downgraded.getString("reason")).isEqualTo("break");
    assertThat(downgraded.getInt("attempts")).isEqualTo(2);
    assertThat(downgraded.getString("mode")).isEqualTo("plain");
    assertThat(EventText.shown(events)).isEqualTo("plain");
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted + 3);
  }

  @Test
  void breaksTwiceBeforeTheHeaders_downgradeWaitsForTheOpening(Api api) throws Exception {
    for (int i = 0; i < 2; i++) {
      api.chatAnswers(Script.respondWithRaw(new byte[] {'H'}).resetAt(0));
    }
    api.chatAnswers(whole("plain"));
    assertThat(EventText.names(ask(api)))
        .containsExactly("started", "downgraded", "delta", "completed");
  }

  @Test
  void breaksTwiceBeforeTheHeadersAndThePlainCallFails_isAnHttpAnswer(Api api) throws Exception {
    for (int i = 0; i < 2; i++) {
      api.chatAnswers(Script.respondWithRaw(new byte[] {'H'}).resetAt(0));
    }
    api.chatAnswers(Script.respondWithJson(401, "{\"error\":\"no\"}"));
    assertThat(Api.code(api.send(api.infer(EVENTS, ASK)), 502)).isEqualTo("upstream_auth_failed");
  }

  @Test
  void breaksAfterText_secondStreamVoidsIt(Api api) throws Exception {
    api.chatAnswers(breaksAfter(Chunks.text("old")));
    api.chatStreams(Chunks.text("new"), Chunks.end());
    List<Event> events = ask(api);
    assertThat(EventText.names(events))
        .containsExactly("started", "delta", "reset", "delta", "completed");
    assertThat(named(events, "reset").text("reason")).isEqualTo("break");
    assertThat(EventText.shown(events)).isEqualTo("new");
    assertThat(api.state(events.get(0).text("stream_id")).getString("content")).isEqualTo("new");
  }

  @Test
  void breaksTwiceAfterText_downgradedComesBeforeTheReset(Api api) throws Exception {
    api.chatAnswers(breaksAfter(Chunks.text("one")))
        .chatAnswers(breaksAfter(Chunks.text("two")))
        .chatAnswers(whole("three"));
    List<Event> events = ask(api);
    assertThat(EventText.names(events))
        .containsExactly(
            "started", "delta", "reset", "delta", "downgraded", "reset", "delta", "completed");
    assertThat(EventText.shown(events)).isEqualTo("three");
  }

  @Test
  void allAttemptsFail_oldTextIsKept(Api api) throws Exception {
    api.chatAnswers(breaksAfter(Chunks.text("old")))
        .chatAnswers(breaksAfter())
        .chatAnswers(Script.respondWithJson(500, "{\"error\":\"no\"}"));
    List<Event> events = ask(api);
    assertThat(EventText.names(events)).containsExactly("started", "delta", "downgraded", "failed");
    JsonObject state = api.state(events.get(0).text("stream_id"));
    assertThat(state.getString("content")).isEqualTo("old");
    assertThat(state.getString("status")).isEqualTo("failed");
  }

  @Test
  void wholeAnswerWhereAStreamWasDue_isTaken(Api api) throws Exception {
    long posted = api.lmStudio().generationsPosted();
    api.chatAnswers(whole("at once"));
    List<Event> events = ask(api);
    assertThat(EventText.names(events))
        .containsExactly("started", "downgraded", "delta", "completed");
    assertThat(events.get(1).text("reason")).isEqualTo("not_streamed");
    assertThat(events.get(2).text("content")).isEqualTo("at once");
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted + 1);
  }

  @Test
  void wholeAnswerAsked_saysThatItWasDowngraded(Api api) throws Exception {
    api.chatAnswers(breaksAfter()).chatAnswers(breaksAfter()).chatAnswers(whole("plain"));
    JsonObject data =
        Api.data(api.send(api.infer(JSON, chat("\"model\":\"m\"", "\"stream\":false"))));
    assertThat(data.getString("content")).isEqualTo("plain");
    assertThat(data.getBoolean("downgraded")).isTrue();
    assertThat(data.getInt("attempts")).isEqualTo(2);
  }
}
