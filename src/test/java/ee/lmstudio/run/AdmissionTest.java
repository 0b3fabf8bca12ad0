package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdmissionTest {
  private static final Duration PATIENT = Duration.ofHours(1);

  private final AtomicLong clock = new AtomicLong(1);

  private Admission admission(int max, int perCaller, Duration queueTimeout, int perMinute) {
    Duration none = Duration.ZERO;
    return new Admission(
        new ServerSettings.Streams(
            max, perCaller, queueTimeout, perMinute, none, none, none, none, none, none),
        Long.MAX_VALUE,
        clock::get);
  }

  private Admission admission(int max, int perCaller) {
    return admission(max, perCaller, PATIENT, 0);
  }

  private static OverloadedException overloaded(Admission admission, String caller) {
    return assertThatExceptionOfType(OverloadedException.class)
        .isThrownBy(() -> admission.enter(caller, 0))
        .actual();
  }

  private static RateLimitedException rateLimited(Admission admission, String caller) {
    return assertThatExceptionOfType(RateLimitedException.class)
        .isThrownBy(() -> admission.enter(caller, 0))
        .actual();
  }

  @Test
  void asManyAsAllowedRun_nextWaitsUntilOneEnds() throws Exception {
    Admission admission = admission(2, 0);
    Place one = admission.enter("alice", 0);
    assertThat(admission.enter("bob", 0).isWaiting()).isFalse();
    Place next = admission.enter("carol", 0);
    assertThat(next.isWaiting()).isTrue();
    assertThat(next.position()).isEqualTo(1);
    one.leave();
    assertThat(next.isWaiting()).isFalse();
    assertThat(next.await(Duration.ZERO)).isTrue();
    assertThat(admission.running()).isEqualTo(2);
  }

  @Test
  void asManyWaitAsMayRun_nextIsRefused() {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    admission.enter("alice", 0);
    OverloadedException full = overloaded(admission, "bob");
    assertThat(full.getMessage()).contains("Too many streams are running (limit 1)");
    assertThat(full.retryAfter().orElseThrow()).isPositive();
    runs.leave();
    assertThat(admission.enter("bob", 0).isWaiting()).isTrue();
  }

  @Test
  void callersOwnLimit_isTheirsAlone() {
    Admission admission = admission(0, 1);
    Place one = admission.enter("alice", 0);
    Place two = admission.enter("alice", 0);
    assertThat(two.isWaiting()).isTrue();
    assertThat(rateLimited(admission, "alice").retryAfter().orElseThrow()).isPositive();
    assertThat(admission.enter("bob", 0).isWaiting()).isFalse();
    one.leave();
    assertThat(two.isWaiting()).isFalse();
  }

  @Test
  void noQueue_refusesAtOnce() {
    Admission forAll = admission(1, 0, Duration.ZERO, 0);
    forAll.enter("alice", 0);
    overloaded(forAll, "alice");
    Admission forOne = admission(0, 1, Duration.ZERO, 0);
    forOne.enter("alice", 0);
    rateLimited(forOne, "alice");
  }

  @Test
  void placesComeFree_callersTakeTurns() {
    Admission admission = admission(4, 0);
    Place[] running = {
      admission.enter("x", 0),
      admission.enter("x", 0),
      admission.enter("x", 0),
      admission.enter("x", 0)
    };
    Place greedy1 = admission.enter("alice", 0);
    Place greedy2 = admission.enter("alice", 0);
    Place greedy3 = admission.enter("alice", 0);
    Place modest = admission.enter("bob", 0);
    assertThat(new int[] {greedy1.position(), modest.position()}).containsExactly(1, 2);
    assertThat(new int[] {greedy2.position(), greedy3.position()}).containsExactly(3, 4);
    running[0].leave();
    assertThat(greedy1.isWaiting()).isFalse();
    running[1].leave();
    assertThat(modest.isWaiting()).isFalse();
    assertThat(greedy2.isWaiting()).isTrue();
    admission.renumber();
    assertThat(greedy2.position()).isEqualTo(1);
    running[2].leave();
    running[3].leave();
    assertThat(greedy3.isWaiting()).isFalse();
  }

  @Test
  void callerAtTheirOwnLimit_doesNotBlockOthers() {
    Admission admission = admission(2, 1);
    Place alice = admission.enter("alice", 0);
    Place bob = admission.enter("bob", 0);
    Place aliceWaits = admission.enter("alice", 0);
    Place carolWaits = admission.enter("carol", 0);
    bob.leave();
    assertThat(carolWaits.isWaiting()).as("alice has what she may have").isFalse();
    alice.leave();
    assertThat(aliceWaits.isWaiting()).isFalse();
  }

  @Test
  void noTurnInTime_isGivenUpAndItsPlaceIsFree() throws Exception {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    Place late = admission.enter("alice", 0);
    assertThat(late.await(Duration.ofMillis(1))).isFalse();
    assertThat(late.timedOut()).isTrue();
    assertThat(late.cancel()).as("again").isFalse();
    Place next = admission.enter("bob", 0);
    assertThat(next.position()).isEqualTo(1);
    runs.leave();
    assertThat(next.isWaiting()).isFalse();
    assertThat(admission.running()).isEqualTo(1);
  }

  @Test
  void cancelledWhileWaiting_waitEndsAtOnce() throws Exception {
    Admission admission = admission(1, 0);
    admission.enter("alice", 0);
    Place waits = admission.enter("bob", 0);
    CompletableFuture<Boolean> cameUp =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return waits.await(PATIENT);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(waits.cancel()).isTrue();
    assertThat(cameUp.get()).isFalse();
    assertThat(waits.timedOut()).isFalse();
    waits.leave();
    assertThat(admission.running()).isEqualTo(1);
  }

  @Test
  void turnComesWhenTheWaitHasTimedOut_isTaken() throws Exception {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    Place late = admission.enter("bob", 0);
    FutureTask<Boolean> cameUp = new FutureTask<>(() -> late.await(Duration.ofMillis(1)));
    Thread waiting = new Thread(cameUp);
    synchronized (admission) {
      waiting.start();
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (waiting.getState() != Thread.State.BLOCKED) {
        assertThat(System.nanoTime()).as("%s", waiting.getState()).isLessThan(end);
        Thread.onSpinWait();
      }
      runs.leave();
    }
    assertThat(cameUp.get()).isTrue();
    assertThat(late.timedOut()).isFalse();
  }

  @Test
  void runInTheQueue_hasPostedNothing() {
    Admission admission = admission(1, 0);
    admission.enter("alice", 0);
    Run run = new TestRun().run;
    run.running(admission.enter("bob", 0));
    assertThat(run.posted()).isFalse();
  }

  @Test
  void leftWhileWaiting_neverComesUp() throws Exception {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    Place refusedElsewhere = admission.enter("alice", 0);
    refusedElsewhere.leave();
    runs.leave();
    runs.leave();
    assertThat(admission.running()).isZero();
    assertThat(refusedElsewhere.await(PATIENT)).isFalse();
    assertThat(admission.enter("bob", 0).isWaiting()).isFalse();
  }

  @Test
  void cancelledWhenRunning_keepsItsPlaceUntilItLeaves() {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    assertThat(runs.cancel()).isFalse();
    assertThat(admission.running()).isEqualTo(1);
  }

  @Test
  void rate_refillsEvenly() {
    Admission admission = admission(0, 0, PATIENT, 2);
    admission.enter("alice", 0).leave();
    admission.enter("alice", 0).leave();
    assertThat(rateLimited(admission, "alice").retryAfter()).contains(Duration.ofSeconds(30));
    admission.enter("bob", 0);
    clock.addAndGet(Duration.ofSeconds(30).toNanos());
    admission.enter("alice", 0).leave();
    rateLimited(admission, "alice");
  }

  @Test
  void refused_takesNothingOfTheRate() {
    Admission admission = admission(0, 1, Duration.ZERO, 3);
    Place one = admission.enter("alice", 0);
    rateLimited(admission, "alice");
    rateLimited(admission, "alice");
    one.leave();
    admission.enter("alice", 0).leave();
    admission.enter("alice", 0).leave();
    assertThat(rateLimited(admission, "alice").getMessage()).contains("limit 3 a minute");
  }

  @Test
  void stopping_cancelsWaitingAndRefusesNewStreams() throws Exception {
    Admission admission = admission(1, 0);
    Place runs = admission.enter("alice", 0);
    Place waits = admission.enter("bob", 0);
    admission.stop();
    assertThat(waits.await(PATIENT)).isFalse();
    assertThat(waits.timedOut()).isFalse();
    runs.leave();
    assertThat(overloaded(admission, "carol").getMessage()).contains("stopping");
  }
}
