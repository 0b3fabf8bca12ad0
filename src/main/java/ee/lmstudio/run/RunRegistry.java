package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.run.LogMemory.Log;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.stream.CancelledBy;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * All runs whose streams can be read: those that are running, and those that ended not long ago.
 * Keeps their number, age and memory within the limits. For any thread.
 */
final class RunRegistry {
  private static final Logger LOG = Logger.getLogger(RunRegistry.class.getName());
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration TO_CANCEL = Duration.ofSeconds(2);

  private final ServerSettings.Streams limits;
  private final Map<String, Log> runs = new ConcurrentHashMap<>();

  // Guarded by this.
  private final LogMemory memory;

  /** Runs that were removed to free memory. Their listeners hold the logs, and must leave. */
  private final Queue<Run> evicted = new ConcurrentLinkedQueue<>();

  RunRegistry(ServerSettings.Streams limits, LogMemory memory) {
    this.limits = limits;
    this.memory = memory;
  }

  /**
   * Adds a run that is about to begin or to wait for its turn.
   *
   * @return a callback for the bytes that each entry adds to the log's memory; it throws {@link
   *     AnswerTooLargeException} when the run must end because of that
   * @throws OverloadedException if the running streams of the owner take the owner's share of the
   *     memory for logs
   */
  synchronized LongConsumer add(Run run) {
    Log log = memory.add(run);
    runs.put(run.id(), log);
    makeRoom();
    return bytes -> weighed(log, bytes);
  }

  /** Removes a run that was not begun after all. */
  synchronized void forget(Run run) {
    Log log = runs.get(run.id());
    if (log != null) {
      remove(log);
    }
  }

  /** Cancels the runs of a caller, and removes them. */
  void forgetAll(String caller) {
    List<Run> owned =
        runs.values().stream()
            .map(log -> log.run)
            .filter(run -> run.owner().equals(caller))
            .toList();
    for (Run run : owned) {
      run.cancel(CancelledBy.SHUTDOWN);
      run.presence().dismiss();
      forget(run);
    }
  }

  /** Notes that a run is ending. Its stream stays readable, unless its log never opened. */
  synchronized void ending(Run run) {
    Log log = runs.get(run.id());
    if (log == null) {
      return;
    }
    if (run.log().lastCursor() == 0) {
      remove(log);
    } else {
      memory.ending(log);
    }
  }

  /** Counts one more entry. Logs of ended runs make room. */
  private synchronized void weighed(Log log, long bytes) {
    try {
      memory.grow(log, bytes);
    } catch (AnswerTooLargeException tooLarge) {
      // If the entry was the last one, it is in the log, and nothing follows.
      if (!log.run.log().ended()) {
        throw tooLarge;
      }
    } finally {
      makeRoom();
    }
  }

  private void makeRoom() {
    for (Optional<Log> next = memory.toRemove(); next.isPresent(); next = memory.toRemove()) {
      remove(next.get());
      evicted.add(next.get().run);
    }
  }

  private void remove(Log log) {
    runs.remove(log.run.id());
    memory.remove(log);
  }

  /** Returns the run with this id; empty if there is none, or none any more. */
  Optional<Run> find(String id) {
    return Optional.ofNullable(runs.get(id)).map(log -> log.run);
  }

  /** Returns all wanted runs whose stream can be read, the youngest first. */
  List<Run> all(Predicate<Run> wanted) {
    return runs.values().stream()
        .map(log -> log.run)
        .filter(wanted)
        .filter(run -> run.log().lastCursor() > 0)
        .sorted(Comparator.comparing((Run run) -> run.head().startedAt()).reversed())
        .toList();
  }

  /**
   * Cancels runs that no client wants any more, removes those that ended long ago, and disconnects
   * the listeners of those that were removed to free memory.
   */
  void tidy() {
    // A run without grace is cancelled when its client leaves. Here it gets time to attach one.
    running().forEach(run -> run.cancelIfOrphaned(SOON));
    forgetOld();
    for (Run run = evicted.poll(); run != null; run = evicted.poll()) {
      run.presence().dismiss();
    }
  }

  private synchronized List<Run> running() {
    return memory.running().toList();
  }

  private synchronized void forgetOld() {
    memory.owners().forEach(this::forgetOld);
  }

  private void forgetOld(LogMemory.Owner owner) {
    long kept = limits.retention().toNanos();
    for (Log oldest : owner.ended()) {
      if (!oldest.run.log().ended() || oldest.run.overNanos() < kept) {
        return;
      }
      // A listener holds the log in memory, so the log must count until the last one has left.
      if (oldest.run.presence().isEmpty()) {
        remove(oldest);
      }
    }
  }

  /** Waits for the runs to end, cancels those that have not, and waits for their end. */
  void stop(Duration patience) throws InterruptedException {
    awaitEnds(patience);
    running().forEach(run -> run.cancel(CancelledBy.SHUTDOWN));
    awaitEnds(TO_CANCEL);
  }

  private void awaitEnds(Duration patience) throws InterruptedException {
    List<Run> waitedFor = runs.values().stream().map(log -> log.run).toList();
    CountDownLatch left = new CountDownLatch(waitedFor.size());
    waitedFor.forEach(run -> run.log().whenEnded(left::countDown));
    if (!left.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.log(
          Level.FINE,
          "{0} streams are still running after {1}",
          new Object[] {left.getCount(), patience});
    }
  }
}
