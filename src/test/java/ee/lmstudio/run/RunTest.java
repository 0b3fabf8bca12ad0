package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.StreamStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunTest {
  private final AtomicInteger cancels = new AtomicInteger();
  private final TestHandle handle = new TestHandle(cancels::incrementAndGet);

  private static Run run(Duration grace) {
    return TestRun.of(TestRun.REQUEST, grace, () -> 1);
  }

  @Test
  void cancelledBeforeTheHandleIsThere_isCancelledWhenItComes() {
    Run run = run(Duration.ofSeconds(1));
    run.cancel(CancelledBy.CLIENT);
    assertThat(cancels).hasValue(0);
    run.running(handle);
    assertThat(cancels).hasValue(1);
  }

  @Test
  void cancelledTwice_isCancelledOnceByTheFirst() {
    Run run = run(Duration.ofSeconds(1));
    run.running(handle);
    run.cancel(CancelledBy.LISTENER_GONE);
    run.cancel(CancelledBy.CLIENT);
    assertThat(cancels).hasValue(1);
    assertThat(run.cancelledBy()).isEqualTo(CancelledBy.LISTENER_GONE);
  }

  @Test
  void run_isAbandonedOnlyIfItWasCancelledBecauseNoClientWasThere() {
    for (CancelledBy by : CancelledBy.values()) {
      Run run = run(Duration.ZERO);
      RunWriter writer = new RunWriter(run, bytes -> {}, () -> {});
      assertThat(run.abandoned()).isFalse();
      run.cancel(by);
      assertThat(run.abandoned()).isEqualTo(by == CancelledBy.LISTENER_GONE);
      writer.onCancelled();
      assertThat(run.abandoned()).isEqualTo(by == CancelledBy.LISTENER_GONE);
    }
    Run patient = run(Duration.ofSeconds(1));
    patient.cancel(CancelledBy.LISTENER_GONE);
    assertThat(patient.abandoned()).as("its client could come back").isFalse();
    Run completed = run(Duration.ZERO);
    completed.cancel(CancelledBy.LISTENER_GONE);
    new RunWriter(completed, bytes -> {}, () -> {}).onCompleted(TestRun.answer("the answer"));
    assertThat(completed.abandoned()).as("completed all the same").isFalse();
  }

  @Test
  void lastListenerLeaves_cancelsOnlyWithoutGrace() {
    Run patient = run(Duration.ofSeconds(1));
    patient.running(handle);
    patient.presence().enter().close();
    assertThat(cancels).hasValue(0);

    Run strict = run(Duration.ZERO);
    strict.running(handle);
    Presence.Visit one = strict.presence().enter();
    Presence.Visit two = strict.presence().enter();
    one.close();
    assertThat(cancels).as("somebody listens").hasValue(0);
    two.close();
    assertThat(cancels).hasValue(1);
    assertThat(strict.cancelledBy()).isEqualTo(CancelledBy.LISTENER_GONE);
  }

  @Test
  void readerOfTheStateLeaves_cancelsNothing() {
    AtomicInteger dismissed = new AtomicInteger();
    Run strict = run(Duration.ZERO);
    strict.running(handle);
    Presence.Visit reader = strict.presence().read(dismissed::incrementAndGet);
    assertThat(strict.presence().isEmpty()).isFalse();
    strict.presence().dismiss();
    assertThat(dismissed).hasValue(1);
    reader.close();
    assertThat(strict.presence().isEmpty()).isTrue();
    assertThat(cancels).hasValue(0);
  }

  @Test
  void clientThatComesAfterTheDismissal_isSentAwayAtOnce() {
    Run run = run(Duration.ofSeconds(1));
    AtomicInteger dismissed = new AtomicInteger();
    run.presence().dismiss();
    run.presence().enter(dismissed::incrementAndGet);
    assertThat(dismissed).hasValue(1);
    run.presence().read(dismissed::incrementAndGet).close();
    assertThat(dismissed).hasValue(2);
  }

  @Test
  void clientThatFailsToLeave_doesNotKeepTheOthers() {
    Run run = run(Duration.ofSeconds(1));
    AtomicInteger dismissed = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      run.presence()
          .enter(
              () -> {
                dismissed.incrementAndGet();
                throw new IllegalStateException("A defect, planted by this test");
              });
    }
    run.presence().dismiss();
    assertThat(dismissed).hasValue(3);
  }

  @Test
  void sharedRun_isCancelledWhenTheLastOfItsCallersLeaves() {
    Run run = run(Duration.ofSeconds(1));
    run.running(handle);
    assertThat(run.join("ann")).isTrue();
    assertThat(run.join("ben")).isTrue();
    assertThat(run.cancelFor("ann")).isEqualTo(Run.Departure.OTHERS_WAIT);
    assertThat(run.cancelFor("ann")).as("again").isEqualTo(Run.Departure.OTHERS_WAIT);
    assertThat(cancels).hasValue(0);
    assertThat(run.canBeJoined()).isTrue();
    assertThat(run.cancelFor("ben")).isEqualTo(Run.Departure.CANCELLED);
    assertThat(run.cancelFor("ann")).isEqualTo(Run.Departure.WAS_CANCELLED);
    assertThat(cancels).hasValue(1);
    assertThat(run.cancelledBy()).isEqualTo(CancelledBy.CLIENT);
    assertThat(run.canBeJoined()).isFalse();
    assertThat(run.join("ann")).isFalse();
  }

  @Test
  void callerWhoComesBack_sharesTheRunAgain() {
    Run run = run(Duration.ofSeconds(1));
    run.join("ann");
    run.join("ben");
    run.cancelFor("ann");
    run.join("ann");
    assertThat(run.cancelFor("ben")).isEqualTo(Run.Departure.OTHERS_WAIT);
    assertThat(run.cancelFor("ann")).isEqualTo(Run.Departure.CANCELLED);
  }

  @Test
  void callerWhoDoesNotShareTheRun_cancelsItForAll() {
    Run run = run(Duration.ofSeconds(1));
    run.join("ann");
    run.join("ben");
    assertThat(run.cancelFor("operator")).isEqualTo(Run.Departure.CANCELLED);

    Run owned = run(Duration.ofSeconds(1));
    assertThat(owned.cancelFor("alice")).isEqualTo(Run.Departure.CANCELLED);
  }

  @Test
  void cancel_tellsWhetherItWasTheFirst() {
    Run run = run(Duration.ofSeconds(1));
    assertThat(run.cancel(CancelledBy.CLIENT)).isTrue();
    assertThat(run.cancel(CancelledBy.CLIENT)).isFalse();
  }

  @Test
  void twoClients_areBothCounted() {
    AtomicLong clock = new AtomicLong(1);
    Presence presence = new Presence(clock::get, () -> {});
    Presence.Visit one = presence.enter();
    try (Presence.Visit other = presence.enter()) {
      one.close();
      one.close();
      clock.addAndGet(1_000);
      assertThat(other).isNotNull();
      assertThat(presence.aloneNanos()).as("the other is there").isZero();
    }
    clock.addAndGet(5);
    assertThat(presence.aloneNanos()).isEqualTo(5);
    presence.touch();
    assertThat(presence.aloneNanos()).as("somebody asked").isZero();
  }

  @Test
  void over_countsFromTheEnd() {
    TestRun test = new TestRun().open();
    test.clock.addAndGet(50);
    assertThat(test.run.overNanos()).isZero();
    test.complete();
    test.clock.addAndGet(100);
    test.run.presence().touch();
    assertThat(test.run.overNanos()).isEqualTo(100);
  }

  @Test
  void status_isWhatTheLastEntrySays() {
    TestRun test = new TestRun();
    assertThat(TestRun.status(test.run)).isEqualTo(StreamStatus.RUNNING);
    assertThat(TestRun.status(test.open().text("a").run)).isEqualTo(StreamStatus.RUNNING);
    assertThat(TestRun.status(test.complete().run)).isEqualTo(StreamStatus.COMPLETED);
    assertThat(test.run.log().endedAt()).isPresent();
  }
}
