package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventFieldsTest {
  private static String of(StreamEvent event) {
    return EventFields.of(event).toString();
  }

  private static JsonArray array(String text) {
    return Json.createReader(new StringReader(text)).readArray();
  }

  @Test
  void events_haveTheFieldsOfTheContract() {
    assertThat(of(new StreamEvent.Started(Instant.EPOCH, Optional.of("m"))))
        .isEqualTo("{\"created\":\"1970-01-01T00:00:00Z\",\"model_requested\":\"m\"}");
    assertThat(of(new StreamEvent.Piece(Delta.ofContent("x")))).isEqualTo("{\"content\":\"x\"}");
    assertThat(of(new StreamEvent.Reset("break"))).isEqualTo("{\"reason\":\"break\"}");
    assertThat(of(new StreamEvent.Downgraded(new Downgrade("not_streamed", 1))))
        .isEqualTo("{\"reason\":\"not_streamed\",\"attempts\":1,\"mode\":\"plain\"}");
    assertThat(of(new StreamEvent.Failed(Failure.of(new ServerException(500, "no", "look")))))
        .isEqualTo(
            "{\"error\":{\"code\":\"upstream_error\",\"message\":\"no\",\"hint\":\"look\"}}");
    assertThat(of(new StreamEvent.Cancelled(CancelledBy.LISTENER_GONE)))
        .isEqualTo("{\"by\":\"listener_gone\"}");
    assertThat(EventFields.of(TestRun.COMPLETED))
        .containsOnlyKeys("finish_reason", "usage", "stats", "warnings");
  }

  @Test
  void runningStream_hasNullForWhatIsNotKnownYet() {
    TestRun test = new TestRun().open().text("half");
    JsonObject state = PiecesTest.state(test);
    assertThat(state.keySet())
        .containsExactlyInAnyOrder(
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
            "finished_at");
    assertThat(state.getString("content")).isEqualTo("half");
    assertThat(state.getString("status")).isEqualTo("running");
    for (String unknown : new String[] {"finish_reason", "usage", "error", "finished_at"}) {
      assertThat(state.get(unknown)).as(unknown).isEqualTo(JsonValue.NULL);
    }
  }

  @Test
  void endedStream_saysHow() {
    TestRun test = new TestRun().open().text("all").complete();
    JsonObject state = PiecesTest.state(test);
    assertThat(state.getString("status")).isEqualTo("completed");
    assertThat(state.getString("finish_reason")).isEqualTo("stop");
    assertThat(state.getJsonObject("usage").getInt("total_tokens")).isEqualTo(8);
    assertThat(Instant.parse(state.getString("finished_at")))
        .isAfterOrEqualTo(Instant.parse(state.getString("started_at")));
  }

  @Test
  void cancelledWorkOnAModel_saysWhetherLmStudioHadReceivedIt() {
    StreamEvent queued = new StreamEvent.Progress(Phase.QUEUED, 1);
    StreamEvent connecting = new StreamEvent.Progress(Phase.CONNECTING, 0);
    StreamEvent loading = new StreamEvent.Progress(Phase.LOADING_MODEL, 0);
    StreamEvent cancelled = new StreamEvent.Cancelled(CancelledBy.CLIENT);

    assertThat(work(queued, cancelled).getBoolean("stopped_upstream")).isTrue();
    assertThat(work(queued, connecting, cancelled).getBoolean("stopped_upstream")).isTrue();
    assertThat(work(queued, loading, cancelled).getBoolean("stopped_upstream")).isFalse();
    assertThat(work(queued, loading).getBoolean("stopped_upstream")).isFalse();
    assertThat(work(queued)).doesNotContainKey("stopped_upstream");
    assertThat(work(loading, TestRun.COMPLETED)).doesNotContainKey("stopped_upstream");
  }

  private static JsonObject work(StreamEvent... events) {
    StreamContent model = new StreamContent(StreamContent.Kind.MODEL, false);
    StreamHead head =
        new StreamHead(TestRun.ID, "ann", "hash", Optional.of("m"), Instant.now(), model);
    MemoryStreamLog log = new MemoryStreamLog(head);
    log.append("m", new StreamEvent.Started(Instant.now(), Optional.of("m")), Chunks.NONE);
    for (StreamEvent event : events) {
      log.append("m", event, Chunks.NONE);
    }
    return EventFields.summary(log, Snapshot.withoutTexts(log));
  }

  @Test
  void summary_isTheStateWithoutTexts() {
    TestRun test = new TestRun().open().text("all").complete();
    Snapshot snapshot = Snapshot.of(test.run.log());
    JsonObject state = PiecesTest.state(test);
    assertThat(EventFields.summary(test.run.log(), snapshot))
        .doesNotContainKeys("content", "reasoning", "tool_calls")
        .satisfies(summary -> assertThat(state).containsAllEntriesOf(summary));
  }

  @Test
  void toolCalls_areFragmentsInDeltasAndWholeInTheState() {
    JsonArray first =
        array(
            "[{\"index\":0,\"id\":\"7\",\"type\":\"function\",\"function\":{\"name\":\"now\","
                + "\"arguments\":\"\"}}]");
    JsonArray second = array("[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]");
    TestRun test = new TestRun().open();
    test.delta(new Delta("", "", first)).delta(new Delta("", "", second));
    assertThat(EventFields.of(test.run.log().entry(3).event()).getJsonArray("tool_calls"))
        .isEqualTo(second);
    JsonObject state = PiecesTest.state(test);
    assertThat(state.getJsonArray("tool_calls"))
        .isEqualTo(
            array(
                "[{\"id\":\"7\",\"type\":\"function\",\"function\":{\"name\":\"now\","
                    + "\"arguments\":\"{}\"}}]"));
  }
}
