package ee.lmstudio.inference;

import static org.assertj.core.api.Assertions.assertThat;

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

class StreamSnapshotTest {
  private final StreamLog log = new StreamLog();

  private StreamSnapshotTest with(StreamEvent event) {
    log.append("m" + log.lastCursor(), event);
    return this;
  }

  private StreamSnapshotTest delta(String content, String reasoning, String toolCalls) {
    JsonArray fragments = Json.createReader(new StringReader(toolCalls)).readArray();
    return with(new StreamEvent.Piece(new Delta(content, reasoning, fragments)));
  }

  private StreamSnapshotTest started() {
    return with(new StreamEvent.Started(Instant.EPOCH, Optional.empty()));
  }

  @Test
  void emptyLog_isAnEmptyRunningStream() {
    StreamSnapshot snapshot = StreamSnapshot.of(log);
    assertThat(snapshot.cursor()).isZero();
    assertThat(snapshot.modelId()).isNull();
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(snapshot.content()).isEmpty();
  }

  @Test
  void pieces_areJoined() {
    started().delta("Hel", "", "[]").delta("", "think", "[]").delta("lo", "ing", "[]");
    StreamSnapshot snapshot = StreamSnapshot.of(log);
    assertThat(snapshot.content()).isEqualTo("Hello");
    assertThat(snapshot.reasoning()).isEqualTo("thinking");
    assertThat(snapshot.cursor()).isEqualTo(4);
    assertThat(snapshot.modelId()).as("as the last entry has it").isEqualTo("m3");
  }

  @Test
  void texts_areNotShown() {
    started().delta("canary", "canary", "[]");
    assertThat(StreamSnapshot.of(log).toString()).contains("running").doesNotContain("canary");
  }

  @Test
  void toolCalls_arePutTogetherWithoutIndex() {
    started()
        .delta("", "", "[{\"index\":0,\"id\":\"7\",\"function\":{\"name\":\"now\"}}]")
        .delta("", "", "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]")
        .delta("", "", "[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]");
    assertThat(StreamSnapshot.of(log).toolCalls())
        .containsExactly(new ToolCall("7", "now", "{\"a\":1}"));
  }

  @Test
  void reset_voidsAllThatCameBefore() {
    started()
        .delta("old", "old", "[{\"index\":0,\"id\":\"1\",\"function\":{\"name\":\"old\"}}]")
        .with(new StreamEvent.Downgraded(new Downgrade("break", 2)))
        .with(new StreamEvent.Reset("break"))
        .delta("new", "", "[]");
    StreamSnapshot snapshot = StreamSnapshot.of(log);
    assertThat(snapshot.content()).isEqualTo("new");
    assertThat(snapshot.reasoning()).isEmpty();
    assertThat(snapshot.toolCalls()).isEmpty();
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
  }

  @Test
  void failed_keepsTheText() {
    ServerException error = new ServerException(500, "no", "look");
    started().delta("half", "", "[]").with(new StreamEvent.Failed(error));
    StreamSnapshot snapshot = StreamSnapshot.of(log);
    assertThat(snapshot.content()).isEqualTo("half");
    assertThat(snapshot.error()).containsSame(error);
    assertThat(snapshot.status()).isEqualTo(StreamStatus.FAILED);
  }

  @Test
  void cancelled_isItsStatus() {
    started().with(new StreamEvent.Cancelled(CancelledBy.SHUTDOWN));
    assertThat(StreamSnapshot.of(log).status()).isEqualTo(StreamStatus.CANCELLED);
  }

  @Test
  void beforeTheEnd_leavesTheLastEntryOut() {
    started().delta("text", "", "[]");
    assertThat(StreamSnapshot.beforeTheEnd(log).cursor()).as("runs").isEqualTo(2);
    with(new StreamEvent.Completed(TestStream.answer("text")));
    StreamSnapshot snapshot = StreamSnapshot.beforeTheEnd(log);
    assertThat(snapshot.cursor()).isEqualTo(2);
    assertThat(snapshot.status()).isEqualTo(StreamStatus.RUNNING);
    assertThat(snapshot.answer()).isEmpty();
    assertThat(StreamSnapshot.of(log).answer()).isPresent();
  }
}
