package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.StreamStatus;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RunRegistryTest {
  private static final long MEMORY = 10_000;
  private static final int OF_ONE = 20_000;

  private final AtomicLong clock = new AtomicLong(1);
  private final Map<Run, RunWriter> writers = new HashMap<>();
  private Duration grace = Duration.ofSeconds(60);
  private Duration retention = Duration.ofMinutes(10);
  private RunRegistry registry = registry();
  private final Map<Run, LongConsumer> weighed = new HashMap<>();
  private int ids;

  private RunRegistry registry() {
    return registry(0);
  }

  private RunRegistry registry(long ofEach) {
    return registry(ofEach, MEMORY);
  }

  private RunRegistry registry(long ofEach, long memory) {
    Duration none = Duration.ZERO;
    return new RunRegistry(
        new ServerSettings.Streams(0, 0, none, 0, grace, none, retention, none, none, none),
        new LogMemory(memory, OF_ONE, ofEach));
  }

  private Run admit(String owner) {
    Run stream =
        new Run(
            new MemoryStreamLog(
                new StreamHead(
                    "id" + ids++, owner, "", Optional.empty(), Instant.now(), TestRun.CONTENT)),
            grace,
            clock::get);
    weighed.put(stream, registry.add(stream));
    RunWriter writer = new RunWriter(stream, weighed.get(stream), () -> registry.ending(stream));
    writers.put(stream, writer);
    stream.running(new TestHandle(writer::onCancelled));
    return stream;
  }

  private Run running(String owner) {
    Run stream = admit(owner);
    writers.get(stream).open();
    return stream;
  }

  private Run finished(String owner) {
    Run stream = running(owner);
    complete(stream);
    return stream;
  }

  private Run finished(String owner, long bytes) {
    Run stream = running(owner);
    weighed.get(stream).accept(bytes);
    complete(stream);
    return stream;
  }

  private void complete(Run stream) {
    writers.get(stream).onCompleted(TestRun.answer("x"));
  }

  private void advance(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  /** Without the fixed cost, a caller could fill the heap with streams of a few characters. */
  @Test
  void manyShortStreams_makeRoomForFurtherOnes() {
    registry = registry(MEMORY / 4);
    Run first = finished("ann");
    finished("ann");
    finished("ann");
    Run fourth = finished("ann");
    running("ben");
    assertThat(registry.find(first.id())).isEmpty();
    assertThat(registry.find(fourth.id())).isPresent();
  }

  @Test
  void memoryFull_oldestFinishedGoFirst() {
    Run old = finished("alice", 4_000);
    Run younger = finished("alice", 4_000);
    Run runs = running("alice");
    weighed.get(runs).accept(4_000);
    assertThat(registry.find(old.id())).isEmpty();
    assertThat(registry.find(younger.id())).isPresent();
    assertThat(registry.find(runs.id())).isPresent();
  }

  @Test
  void oneStreamOverItsOwnBound_failsOnceAndItsEndStillFits() {
    Run runs = running("alice");
    assertThatExceptionOfType(AnswerTooLargeException.class)
        .isThrownBy(() -> weighed.get(runs).accept(OF_ONE + 1))
        .withMessageContaining("limit 20000 bytes");
    weighed.get(runs).accept(100);
    assertThat(registry.find(runs.id())).isPresent();
  }

  @Test
  void lastEntryOverTheBound_passes() {
    registry = registry(0, 10 * OF_ONE);
    Run runs = running("alice");
    weighed.get(runs).accept(OF_ONE - 200);
    complete(runs);
    assertThat(TestRun.status(runs)).isEqualTo(StreamStatus.COMPLETED);
    assertThat(runs.log().ended()).isTrue();
  }

  private static void assertEnds(LongConsumer weighed, long bytes) {
    assertThatExceptionOfType(AnswerTooLargeException.class)
        .isThrownBy(() -> weighed.accept(bytes))
        .withMessageContaining("10000 bytes for all callers");
  }

  @Test
  void callerWhoHoldsHalf_isRefusedUntilARunEndsAndOthersAreNot() {
    Run runs = running("alice");
    weighed.get(runs).accept(MEMORY / 2 - 200);
    weighed.get(runs).accept(1);
    assertThat(registry.find(running("alice").id())).isPresent();
    assertThatExceptionOfType(OverloadedException.class)
        .isThrownBy(() -> admit("alice"))
        .withMessageContaining("of 10000 bytes")
        .satisfies(full -> assertThat(full.retryAfter().orElseThrow()).isPositive());
    running("bob");
    complete(runs);
    running("alice");
  }

  @Test
  void callerWhoHoldsMost_losesTheLargestRunAndOthersLoseNone() {
    Run others = running("bob");
    Run small = running("alice");
    Run large = running("alice");
    weighed.get(others).accept(2_600);
    weighed.get(large).accept(2_500);
    weighed.get(small).accept(1_500);
    weighed.get(others).accept(10);
    assertEnds(weighed.get(large), 1);
    weighed.get(large).accept(1);
    complete(large);
    weighed.get(small).accept(500);
    weighed.get(others).accept(10);
    assertThat(TestRun.status(others)).isEqualTo(StreamStatus.RUNNING);
  }

  @Test
  void largestThatIsSilent_isNotTheOnlyOneThatEnds() {
    Run small = running("alice");
    Run silent = running("alice");
    weighed.get(silent).accept(3_000);
    weighed.get(small).accept(2_000);
    weighed.get(small).accept(100);
    assertEnds(weighed.get(small), 100);
    assertEnds(weighed.get(silent), 1);
  }

  @Test
  void memoryFull_endedRunsOfTheCallerWhoHoldsMostGoFirst() {
    Run oldest = finished("bob", 2_000);
    Run first = finished("mallory", 2_500);
    Run second = finished("mallory", 2_500);
    Run runs = running("mallory");
    weighed.get(runs).accept(3_000);
    assertThat(registry.find(first.id())).isEmpty();
    assertThat(registry.find(second.id())).isPresent();
    assertThat(registry.find(oldest.id())).as("of another caller").isPresent();
  }

  @Test
  void finished_isKeptForTheRetention() {
    Run done = finished("alice");
    advance(Duration.ofMinutes(10).minusNanos(1));
    registry.tidy();
    assertThat(registry.find(done.id())).containsSame(done);
    advance(Duration.ofNanos(1));
    registry.tidy();
    assertThat(registry.find(done.id())).isEmpty();
    assertThat(registry.all(run -> true)).isEmpty();
  }

  @Test
  void nobodyListens_isCancelledAfterTheGrace() {
    Run alone = running("alice");
    Run heard = running("alice");
    try (Presence.Visit client = heard.presence().enter()) {
      assertThat(client).isNotNull();
      advance(Duration.ofSeconds(60));
      registry.tidy();
      assertThat(TestRun.status(alone)).isEqualTo(StreamStatus.RUNNING);
      advance(Duration.ofNanos(1));
      registry.tidy();
      assertThat(TestRun.status(alone)).isEqualTo(StreamStatus.CANCELLED);
      assertThat(alone.log().entry(2).event())
          .isEqualTo(new StreamEvent.Cancelled(CancelledBy.LISTENER_GONE));
      assertThat(TestRun.status(heard)).isEqualTo(StreamStatus.RUNNING);
    }
  }

  @Test
  void touched_lastsAnotherGrace() {
    Run polled = running("alice");
    advance(Duration.ofSeconds(59));
    polled.presence().touch();
    advance(Duration.ofSeconds(59));
    registry.tidy();
    assertThat(TestRun.status(polled)).isEqualTo(StreamStatus.RUNNING);
  }

  @Test
  void graceOfZero_leavesTimeToAttachAListener() {
    grace = Duration.ZERO;
    registry = registry();
    Run begun = running("alice");
    advance(Duration.ofMillis(900));
    registry.tidy();
    assertThat(TestRun.status(begun)).isEqualTo(StreamStatus.RUNNING);
    advance(Duration.ofMillis(101));
    registry.tidy();
    assertThat(TestRun.status(begun)).isEqualTo(StreamStatus.CANCELLED);
  }

  @Test
  void neverOpened_isNotKept() {
    Run failed = admit("alice");
    writers.get(failed).onFailed(new ServerException(500, "no", "look"));
    assertThat(registry.find(failed.id())).isEmpty();
  }

  @Test
  void notOpenedYet_isNotListed() {
    admit("alice");
    Run open = running("alice");
    assertThat(registry.all(run -> true)).containsExactly(open);
  }

  @Test
  @Timeout(20)
  void stopping_waitsThenCancels() throws Exception {
    Run runs = running("alice");
    registry.stop(Duration.ofMillis(1));
    assertThat(runs.log().entry(2).event())
        .isEqualTo(new StreamEvent.Cancelled(CancelledBy.SHUTDOWN));
  }

  @Test
  @Timeout(20)
  void stoppingWhileOneEnds_doesNotCancelIt() throws Exception {
    Run runs = running("alice");
    FutureTask<Void> stop =
        new FutureTask<>(
            () -> {
              registry.stop(Duration.ofHours(1));
              return null;
            });
    Thread stopping = Thread.ofPlatform().start(stop);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (stopping.getState() != Thread.State.TIMED_WAITING) {
      assertThat(System.nanoTime()).as("%s", stopping.getState()).isLessThan(end);
      Thread.onSpinWait();
    }
    complete(runs);
    stop.get();
    assertThat(TestRun.status(runs)).isEqualTo(StreamStatus.COMPLETED);
  }

  @Test
  void evicted_sendsItsListenersAway() {
    Run old = finished("alice", 4_500);
    finished("alice", 4_500);
    List<String> told = new ArrayList<>();
    old.presence().enter(() -> told.add("leave"));
    weighed.get(running("bob")).accept(4_000);
    assertThat(registry.find(old.id())).isEmpty();
    registry.tidy();
    registry.tidy();
    assertThat(told).containsExactly("leave");
  }

  @Test
  void oldWithAListener_isKeptAndCountsUntilTheListenerLeaves() {
    Run old = finished("alice");
    Run alone = finished("alice");
    Presence.Visit reads = old.presence().enter();
    advance(retention.plusSeconds(1));
    registry.tidy();
    assertThat(registry.find(old.id())).isPresent();
    assertThat(registry.find(alone.id())).isEmpty();
    reads.close();
    registry.tidy();
    assertThat(registry.find(old.id())).isEmpty();
  }

  @Test
  void bytesOfAForgottenRun_takeNoRoom() {
    Run forgotten = admit("alice");
    registry.forget(forgotten);
    weighed.get(forgotten).accept(MEMORY);
    assertThat(registry.find(running("bob").id())).isPresent();
  }

  @Test
  void forgotten_isNotCancelled() {
    Run forgotten = running("alice");
    registry.forget(forgotten);
    advance(grace.plusSeconds(1));
    registry.tidy();
    assertThat(forgotten.log().ended()).isFalse();
  }

  @Test
  void ended_isNotCancelledWhenNobodyListens() {
    Run completed = finished("alice");
    advance(grace.plusSeconds(1));
    registry.tidy();
    assertThat(completed.cancelledBy()).isNotEqualTo(CancelledBy.LISTENER_GONE);
  }

  @Test
  void endingWithoutRetention_isKeptUntilTheLogHasEnded() {
    retention = Duration.ZERO;
    registry = registry();
    Run ending = running("alice");
    registry.ending(ending);
    registry.tidy();
    assertThat(registry.find(ending.id())).isPresent();
    complete(ending);
    registry.tidy();
    assertThat(registry.find(ending.id())).isEmpty();
  }

  @Test
  void youngest_isListedFirst() {
    Run first = running("alice");
    while (!Instant.now().isAfter(first.head().startedAt())) {
      Thread.onSpinWait();
    }
    Run second = running("alice");
    assertThat(registry.all(run -> true)).containsExactly(second, first);
  }
}
