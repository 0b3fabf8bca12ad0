package ee.lmstudio.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogWriterTest {
  private final List<String> told = new ArrayList<>();
  private final GenerationStream stream =
      new GenerationStream(TestStream.ID, "alice", TestStream.REQUEST, false, () -> 1);
  private final LogWriter writer =
      new LogWriter(
          stream,
          bytes -> told.add("weighed"),
          () -> told.add("ending at " + stream.log().lastCursor()));
  private final ServerException failure = new ServerException(500, "failed", "look");

  private List<String> names() {
    return IntStream.rangeClosed(1, stream.log().lastCursor())
        .mapToObj(cursor -> stream.log().entry(cursor).event().name())
        .toList();
  }

  private boolean opened() {
    return stream.opened().toCompletableFuture().isDone();
  }

  private boolean ended() {
    return stream.ended().toCompletableFuture().isDone();
  }

  @Test
  void lastEntryCannotBeWeighed_endsOnceAllTheSame() {
    LogWriter failing =
        new LogWriter(
            stream,
            bytes -> {
              if (stream.log().ended()) {
                throw failure;
              }
            },
            () -> told.add("ending"));
    failing.open();
    assertThatThrownBy(() -> failing.onCompleted(TestStream.answer("a"))).isSameAs(failure);
    failing.onFailed(failure);
    assertThat(told).containsExactly("ending");
    assertThat(ended()).isTrue();
    assertThat(names()).containsExactly("started", "completed");
  }

  @Test
  void untilSomethingHappens_thereIsNoLog() {
    assertThat(stream.log().lastCursor()).isZero();
    assertThat(opened()).isFalse();
  }

  @Test
  void acceptedByLmStudio_opens() {
    writer.onAccepted();
    assertThat(names()).containsExactly("started");
    assertThat(opened()).isTrue();
    assertThat(stream.log().entry(1).modelId()).isEqualTo("asked");
  }

  @Test
  void openedTwice_startsOnce() {
    writer.open();
    writer.onAccepted();
    assertThat(names()).containsExactly("started");
  }

  @Test
  void downgradedBeforeItOpens_waitsForTheOpening() {
    writer.onDowngraded(new Downgrade("break", 2));
    assertThat(stream.log().lastCursor()).isZero();
    writer.onAccepted();
    writer.onDelta(Delta.ofContent("whole"));
    assertThat(names()).containsExactly("started", "downgraded", "delta");
  }

  @Test
  void downgradedBeforeItFails_leavesNothing() {
    writer.onDowngraded(new Downgrade("break", 2));
    writer.onFailed(failure);
    assertThat(stream.log().lastCursor()).isZero();
  }

  @Test
  void downgradedLater_isWrittenAtOnce() {
    writer.open();
    writer.onDowngraded(new Downgrade("break", 2));
    assertThat(names()).containsExactly("started", "downgraded");
  }

  @Test
  void failedBeforeItOpens_leavesNoLogButTheError() {
    writer.onFailed(failure);
    writer.open();
    assertThat(stream.log().lastCursor()).isZero();
    assertThatThrownBy(() -> stream.opened().toCompletableFuture().join()).hasCause(failure);
    assertThatThrownBy(() -> stream.ended().toCompletableFuture().join()).hasCause(failure);
    assertThat(told).containsExactly("ending at 0");
  }

  @Test
  void failedLater_isTheLastEntry() {
    writer.open();
    writer.onDelta(Delta.ofContent("half"));
    writer.onFailed(failure);
    assertThat(names()).containsExactly("started", "delta", "failed");
    assertThat(stream.status()).isEqualTo(StreamStatus.FAILED);
    assertThat(ended()).isTrue();
  }

  @Test
  void cancelledBeforeItOpens_leavesALogThatSaysSo() {
    stream.cancel(CancelledBy.LISTENER_GONE);
    writer.onCancelled();
    assertThat(names()).containsExactly("started", "cancelled");
    assertThat(stream.log().entry(2).event())
        .isEqualTo(new StreamEvent.Cancelled(CancelledBy.LISTENER_GONE));
  }

  @Test
  void endedTwice_hasOneLastEntry() {
    writer.open();
    writer.onCompleted(TestStream.answer("x"));
    writer.onFailed(failure);
    writer.onCancelled();
    assertThat(names()).containsExactly("started", "completed");
    assertThat(told).containsOnlyOnce("ending at 1");
  }

  @Test
  void failedTwice_isToldOnce() {
    writer.onFailed(failure);
    writer.onFailed(new ServerException(502, "another", "look"));
    assertThat(told).containsExactly("ending at 0");
    assertThatThrownBy(() -> stream.ended().toCompletableFuture().join()).hasCause(failure);
  }

  @Test
  void whoSeesTheLastEntry_findsThePlaceFreeAndTheTime() {
    writer.open();
    List<String> seen = new ArrayList<>();
    stream
        .log()
        .addWaker(() -> seen.add(stream.finishedAt().isPresent() + " " + List.copyOf(told)));
    writer.onCompleted(TestStream.answer("x"));
    assertThat(seen).containsExactly("true [weighed, ending at 1]");
  }

  @Test
  void modelThatAnswers_isNamedFromThenOn() {
    writer.onAccepted();
    writer.onModel("answers");
    writer.onDelta(Delta.ofContent("a"));
    assertThat(stream.log().entry(1).modelId()).isEqualTo("asked");
    assertThat(stream.log().entry(2).modelId()).isEqualTo("answers");
  }
}
