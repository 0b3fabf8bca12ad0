package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunWriterTest {
  private final List<String> told = new ArrayList<>();
  private final Run run = TestRun.of(TestRun.REQUEST, Duration.ofMinutes(1), () -> 1);
  private final RunWriter writer =
      new RunWriter(
          run, bytes -> told.add("weighed"), () -> told.add("ending at " + run.log().lastCursor()));
  private final ServerException failure = new ServerException(500, "failed", "look");

  private List<String> names() {
    return LongStream.rangeClosed(1, run.log().lastCursor())
        .mapToObj(cursor -> run.log().entry(cursor).event().name())
        .toList();
  }

  @Test
  void lastEntryCannotBeWeighed_endsOnceAllTheSame() {
    RunWriter failing =
        new RunWriter(
            run,
            bytes -> {
              if (run.log().ended()) {
                throw failure;
              }
            },
            () -> told.add("ending"));
    failing.open();
    assertThatThrownBy(() -> failing.onCompleted(TestRun.answer("a"))).isSameAs(failure);
    failing.onFailed(failure);
    assertThat(told).containsExactly("ending");
    assertThat(run.log().ended()).isTrue();
    assertThat(names()).containsExactly("started", "completed");
  }

  @Test
  void untilSomethingHappens_thereIsNoLog() {
    assertThat(run.log().lastCursor()).isZero();
  }

  @Test
  void acceptedByLmStudio_opens() {
    writer.onAccepted();
    assertThat(names()).containsExactly("started");
    assertThat(run.log().entry(1).modelId()).isEqualTo("asked");
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
    assertThat(run.log().lastCursor()).isZero();
    writer.onAccepted();
    writer.onDelta(Delta.ofContent("whole"));
    assertThat(names()).containsExactly("started", "downgraded", "delta");
  }

  @Test
  void downgradedBeforeItFails_isNotTold() {
    writer.onDowngraded(new Downgrade("break", 2));
    writer.onFailed(failure);
    assertThat(names()).containsExactly("failed");
    assertThat(run.log().refused()).isTrue();
  }

  @Test
  void chunks_areInTheEntriesThatWereReadFromThem() {
    writer.onAccepted();
    writer.onChunk("{\"role\":\"assistant\"}");
    writer.onChunk("{\"content\":\"a\",\"x\":1}");
    writer.onDelta(Delta.ofContent("a"));
    writer.onChunk("{\"content\":\"b\",\"x\":1}");
    writer.onDelta(Delta.ofContent("b"));
    writer.onChunk("{\"usage\":{}}");
    writer.onCompleted(TestRun.answer("ab"));
    assertThat(run.log().entry(1).json()).isEmpty();
    assertThat(run.log().entry(2).json())
        .containsExactly("{\"role\":\"assistant\"}", "{\"content\":\"a\",\"x\":1}");
    assertThat(run.log().entry(3).json()).containsExactly("{\"content\":\"b\",\"x\":1}");
    assertThat(run.log().entry(4).json()).containsExactly("{\"usage\":{}}");
  }

  @Test
  void downgradedLater_isWrittenAtOnce() {
    writer.open();
    writer.onDowngraded(new Downgrade("break", 2));
    assertThat(names()).containsExactly("started", "downgraded");
  }

  @Test
  void failedBeforeItOpens_isRefusedAndSaysWhy() {
    writer.onFailed(failure);
    writer.open();
    assertThat(run.log().refused()).isTrue();
    assertThat(run.log().entry(1).event()).isEqualTo(new StreamEvent.Failed(Failure.of(failure)));
    assertThat(run.log().lastCursor()).isEqualTo(1);
    assertThat(told).startsWith("ending at 0").containsOnlyOnce("ending at 0");
  }

  @Test
  void failedLater_isTheLastEntry() {
    writer.open();
    writer.onDelta(Delta.ofContent("half"));
    writer.onFailed(failure);
    assertThat(names()).containsExactly("started", "delta", "failed");
    assertThat(TestRun.status(run)).isEqualTo(StreamStatus.FAILED);
    assertThat(run.log().ended()).isTrue();
  }

  @Test
  void cancelledBeforeItOpens_leavesALogThatSaysSo() {
    run.cancel(CancelledBy.LISTENER_GONE);
    writer.onCancelled();
    assertThat(names()).containsExactly("started", "cancelled");
    assertThat(run.log().entry(2).event())
        .isEqualTo(new StreamEvent.Cancelled(CancelledBy.LISTENER_GONE));
  }

  @Test
  void endedTwice_hasOneLastEntry() {
    writer.open();
    writer.onCompleted(TestRun.answer("x"));
    writer.onFailed(failure);
    writer.onCancelled();
    assertThat(names()).containsExactly("started", "completed");
    assertThat(told).containsOnlyOnce("ending at 1");
  }

  @Test
  void failedTwice_isToldOnce() {
    writer.onFailed(failure);
    writer.onFailed(new ServerException(502, "another", "look"));
    assertThat(told).startsWith("ending at 0").containsOnlyOnce("ending at 0");
    assertThat(run.log().entry(1).event()).isEqualTo(new StreamEvent.Failed(Failure.of(failure)));
  }

  @Test
  void readerOfTheLastEntry_findsThePlaceFreeAndTheEndTime() {
    writer.open();
    List<String> seen = new ArrayList<>();
    run.log().subscribe(() -> seen.add(run.log().endedAt().isPresent() + " " + List.copyOf(told)));
    writer.onCompleted(TestRun.answer("x"));
    assertThat(seen).containsExactly("true [weighed, ending at 1]");
  }

  @Test
  void modelThatAnswers_isNamedFromThenOn() {
    writer.onAccepted();
    writer.onModel("answers");
    writer.onDelta(Delta.ofContent("a"));
    assertThat(run.log().entry(1).modelId()).isEqualTo("asked");
    assertThat(run.log().entry(2).modelId()).isEqualTo("answers");
  }

  @Test
  void reset_isWritten() {
    writer.open();
    writer.onDelta(Delta.ofContent("old"));
    writer.onReset("break");
    assertThat(names()).containsExactly("started", "delta", "reset");
  }

  @Test
  void waitingAfterText_isNotTold() {
    writer.open();
    writer.onDelta(Delta.ofContent("a"));
    writer.waitsFor(Phase.CONNECTING, 0);
    assertThat(names()).containsExactly("started", "delta");
  }

  @Test
  void handle_isHeldUntilTheEnd() {
    TestHandle handle = new TestHandle(() -> {});
    handle.posted = true;
    writer.onHandle(handle);
    assertThat(run.posted()).isTrue();
    writer.onCompleted(TestRun.answer("x"));
    assertThat(run.posted()).isFalse();
  }

  @Test
  void ended_givesMostOfItsMemoryBack() {
    AtomicLong weight = new AtomicLong();
    RunWriter weighing = new RunWriter(run, weight::addAndGet, () -> {});
    weighing.open();
    for (int i = 0; i < 1_000; i++) {
      weighing.onDelta(Delta.ofContent(" tok"));
    }
    long running = weight.get();
    weighing.onCompleted(TestRun.answer("x"));
    assertThat(weight.get()).isPositive().isLessThan(running / 5);
  }
}
