package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.model.ModelFilter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UpstreamsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Set<Thread.State> WAITING =
      EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING);

  @Test
  void virtualCaller_isServedByAPlatformThread() {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                virtual.complete(
                    Upstreams.onPlatformThread(() -> Thread.currentThread().isVirtual())));
    assertThat(virtual.join()).isFalse();
  }

  @Test
  void failure_reachesTheCallerAsItIs() {
    IllegalStateException failure = new IllegalStateException("not allowed");
    assertThatThrownBy(
            () ->
                Upstreams.onPlatformThread(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void interruptedCaller_getsTheResultAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(Upstreams.onPlatformThread(() -> 7)).isEqualTo(7);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void firstCallerIsVirtual_machineAndItsBeansAreCreatedOnAPlatformThread() {
    try (TestUpstreams upstreams = new TestUpstreams(() -> {})) {
      CompletableFuture.runAsync(upstreams::machine, Thread::startVirtualThread).join();
      assertThat(upstreams.usedBy)
          .containsOnlyKeys(
              "telemetry", "metrics", "events", "actions", "timeouts", TestUpstreams.MACHINE);
      assertThat(upstreams.usedBy.values())
          .allSatisfy(users -> assertThat(users).noneMatch(Thread::isVirtual));
    }
  }

  @Test
  void manyCallersAtOnce_shareOneMachine() throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    Set<Machine> machines = ConcurrentHashMap.newKeySet();
    try (TestUpstreams upstreams = new TestUpstreams(() -> await(allWait))) {
      List<Thread> callers =
          Stream.generate(() -> new Thread(() -> machines.add(upstreams.machine())))
              .limit(10)
              .toList();
      callers.forEach(Thread::start);
      try {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!callers.stream().map(Thread::getState).allMatch(WAITING::contains)) {
          assertThat(System.nanoTime()).as("%s", callers).isLessThan(end);
          Thread.onSpinWait();
        }
      } finally {
        allWait.countDown();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(machines).hasSize(1);
      assertThat(upstreams.usedBy.get(TestUpstreams.MACHINE)).hasSize(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void reservedUpstream_servesItsCallerOnly_untilTheReservationEnds() {
    try (TestUpstreams upstreams = new TestUpstreams(() -> {})) {
      upstreams.reserve("own", LmStudioSettings.at("http://127.0.0.1:2"));
      Machine own = upstreams.machine("own");
      assertThat(own.address()).hasPort(2);
      assertThat(upstreams.isReserved("own")).isTrue();
      assertThat(upstreams.isReserved("alice")).isFalse();
      assertThat(upstreams.machine("alice")).isSameAs(upstreams.machine()).isNotSameAs(own);

      upstreams.endReservation();
      assertThat(upstreams.isReserved("own")).isFalse();
      assertThat(upstreams.machine("own")).isSameAs(upstreams.machine());
      assertThatThrownBy(() -> own.sdk().listModels(ModelFilter.ALL))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void closed_createsNoMachine() {
    TestUpstreams upstreams = new TestUpstreams(() -> {});
    upstreams.close();
    assertThatThrownBy(upstreams::machine)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopping");
    assertThat(upstreams.usedBy).isEmpty();
  }

  @Test
  void closedAfterUse_refusesCallsAndClosesTheMachine() {
    TestUpstreams upstreams = new TestUpstreams(() -> {});
    Machine machine = upstreams.machine();
    upstreams.close();
    assertThatThrownBy(upstreams::machine)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopping");
    assertThatThrownBy(() -> machine.sdk().listModels(ModelFilter.ALL))
        .isInstanceOf(CancelledException.class);
  }
}
