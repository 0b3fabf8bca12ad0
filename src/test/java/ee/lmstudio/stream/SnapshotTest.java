package ee.lmstudio.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.ToolCall;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import java.io.StringReader;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final StreamLog log = TestRun.emptyLog();

  private SnapshotTest with(StreamEvent event) {
    log.append("m" + log.lastCursor(), event);
    return this;
  }

  private SnapshotTest delta(String content, String reasoning, String toolCalls) {
    JsonArray fragments = Json.createReader(new StringReader(toolCalls)).readArray();
    return with(new StreamEvent.Piece(new Delta(content, reasoning, fragments)));
  }

  private SnapshotTest started() {
    return with(new StreamEvent.Started(Instant.EPOCH, Optional.empty()));
  }

  private static String text(LogText text) {
    StringBuilder all = new StringBuilder();
    for (long cursor = text.first(); !text.isEmpty() && cursor <= text.last(); cursor++) {
      all.append(text.at(cursor));
    }
    return all.toString();
  }

  @Test
  void emptyLog_isAnEmptyRunningStream() {
    Snapshot snapshot = Snapshot.of(log);
    assertThat(snapshot.cursor()).isZero();
    assertThat(snapshot.modelId()).isNull();
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(text(snapshot.content())).isEmpty();
  }

  @Test
  void pieces_areJoined() {
    started().delta("Hel", "", "[]").delta("", "think", "[]").delta("lo", "ing", "[]");
    Snapshot snapshot = Snapshot.of(log);
    assertThat(text(snapshot.content())).isEqualTo("Hello");
    assertThat(text(snapshot.reasoning())).isEqualTo("thinking");
    assertThat(snapshot.cursor()).isEqualTo(4);
    assertThat(snapshot.modelId()).as("as the last entry has it").isEqualTo("m3");
  }

  @Test
  void texts_areNotShown() {
    started().delta("canary", "canary", "[]");
    assertThat(Snapshot.of(log).toString()).contains("running").doesNotContain("canary");
  }

  @Test
  void toolCalls_arePutTogetherWithoutIndex() {
    started()
        .delta("", "", "[{\"index\":0,\"id\":\"7\",\"function\":{\"name\":\"now\"}}]")
        .delta("", "", "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]")
        .delta("", "", "[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]");
    assertThat(Snapshot.of(log).toolCalls()).containsExactly(new ToolCall("7", "now", "{\"a\":1}"));
  }

  @Test
  void reset_voidsAllThatCameBefore() {
    started()
        .delta("old", "old", "[{\"index\":0,\"id\":\"1\",\"function\":{\"name\":\"old\"}}]")
        .with(new StreamEvent.Downgraded(new Downgrade("break", 2)))
        .with(new StreamEvent.Reset("break"))
        .delta("new", "", "[]");
    Snapshot snapshot = Snapshot.of(log);
    assertThat(text(snapshot.content())).isEqualTo("new");
    assertThat(text(snapshot.reasoning())).isEmpty();
    assertThat(snapshot.toolCalls()).isEmpty();
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
  }

  @Test
  void failed_keepsTheText() {
    Failure error = Failure.of(new ServerException(500, "no", "look"));
    started().delta("half", "", "[]").with(new StreamEvent.Failed(error));
    Snapshot snapshot = Snapshot.of(log);
    assertThat(text(snapshot.content())).isEqualTo("half");
    assertThat(snapshot.failure()).contains(error);
    assertThat(snapshot.status()).isEqualTo(StreamStatus.FAILED);
  }

  @Test
  void cancelledRun_hasThatStatus() {
    started().with(new StreamEvent.Cancelled(CancelledBy.SHUTDOWN));
    assertThat(Snapshot.of(log).status()).isEqualTo(StreamStatus.CANCELLED);
  }

  @Test
  void beforeTheEnd_leavesTheLastEntryOut() {
    started().delta("text", "", "[]");
    assertThat(Snapshot.beforeTheEnd(log).cursor()).as("runs").isEqualTo(2);
    with(TestRun.COMPLETED);
    Snapshot snapshot = Snapshot.beforeTheEnd(log);
    assertThat(snapshot.cursor()).isEqualTo(2);
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(snapshot.completed()).isEmpty();
    assertThat(Snapshot.of(log).completed()).isPresent();
  }
}
