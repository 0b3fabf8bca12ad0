package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.stream.CancelledBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
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

  /** A run and the memory that its log uses. */
  private static final class Kept {
    final Run run;

    // Guarded by this.
    private long weight;
    private boolean forgotten;
    private boolean mustEnd;
    private boolean ends;

    Kept(Run run, long weight) {
      this.run = run;
      this.weight = weight;
    }

    synchronized long weight() {
      return weight;
    }

    /** Returns whether the run was not told yet that it must end. */
    synchronized boolean mayGoOn() {
      return !mustEnd && !ends;
    }

    synchronized void end() {
      mustEnd = true;
    }
  }

  private final ServerSettings.Streams limits;
  private final long mostWeight;
  private final long mostOfOne;
  private final long ofEach;
  private final long evictionStep;
  private final Map<String, Kept> runs = new ConcurrentHashMap<>();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong weight = new AtomicLong();

  // Guarded by this. In the order in which they ended.
  private final Deque<Run> finished = new ArrayDeque<>();

  /** Runs that were removed to free memory. Their listeners hold the logs, and must leave. */
  private final Queue<Run> evicted = new ConcurrentLinkedQueue<>();

  /**
   * @param mostWeight the bytes that all logs together may take
   * @param mostOfOne the bytes that one log may take
   * @param ofEach the bytes that each run takes besides the entries of its log
   */
  RunRegistry(ServerSettings.Streams limits, long mostWeight, long mostOfOne, long ofEach) {
    this.ofEach = ofEach;
    this.mostOfOne = mostOfOne;
    this.limits = limits;
    this.mostWeight = mostWeight;
    this.evictionStep = Math.max(1, mostWeight / 64);
  }

  /**
   * Adds a run that is about to begin or to wait for its turn.
   *
   * @return a callback for the bytes that each entry adds to the log's memory; it throws {@link
   *     AnswerTooLargeException} when the log has become too large
   * @throws OverloadedException if running streams fill the memory for logs
   */
  synchronized LongConsumer add(Run run) {
    if (weight.get() >= mostWeight && !evictFinished()) {
      throw new OverloadedException(
          "Running streams fill the memory for stream logs (limit %d bytes)".formatted(mostWeight),
          "Try again when a stream has ended, or give the server more heap.",
          SOON);
    }
    Kept kept = new Kept(run, ofEach);
    weight.addAndGet(ofEach);
    runs.put(run.id(), kept);
    running.add(run);
    return bytes -> weighed(kept, bytes);
  }

  /** Removes a run that was not begun after all. */
  synchronized void forget(Run run) {
    running.remove(run);
    remove(run);
  }

  /** Notes that a run is ending. Its stream stays readable, unless its log never opened. */
  synchronized void ending(Run run) {
    running.remove(run);
    if (run.log().lastCursor() == 0) {
      remove(run);
    } else {
      finished.add(run);
    }
  }

  /**
   * Counts one more entry. Logs of ended runs make room, the oldest first. If there is none, the
   * largest running log must end, or a few runs could fill the heap.
   */
  private void weighed(Kept kept, long bytes) {
    long all;
    boolean tooLarge;
    boolean mustEnd;
    synchronized (kept) {
      if (kept.forgotten) {
        return;
      }
      kept.weight += bytes;
      all = weight.addAndGet(bytes);
      tooLarge = kept.weight > mostOfOne && !kept.ends;
      mustEnd = kept.mustEnd && !kept.ends;
      // A run fails once: its terminal entry must still fit.
      kept.ends |= tooLarge || mustEnd;
    }
    // Not tried for each entry, because it takes longer with each run.
    if (bytes > 0
        && all > mostWeight
        && all / evictionStep != (all - bytes) / evictionStep
        && !evictFinished()) {
      endLargest();
    }
    if ((tooLarge || mustEnd) && !kept.run.log().ended()) {
      throw tooLarge(
          tooLarge
              ? "The stream's log takes more memory than one stream may (limit %d bytes)"
                  .formatted(mostOfOne)
              : "Running streams fill the memory for stream logs (limit %d bytes), and the log of"
                      .formatted(mostWeight)
                  + " this stream was the largest");
    }
  }

  private static AnswerTooLargeException tooLarge(String message) {
    return new AnswerTooLargeException(
        message, "Set max_tokens to limit the answer, or give the server more heap.", null);
  }

  /** Makes the next entry of the largest running log fail. */
  private void endLargest() {
    running.stream()
        .map(run -> runs.get(run.id()))
        .filter(kept -> kept != null && kept.mayGoOn())
        .max(Comparator.comparingLong(Kept::weight))
        .ifPresent(Kept::end);
  }

  private synchronized boolean evictFinished() {
    while (weight.get() >= mostWeight && !finished.isEmpty()) {
      Run run = finished.remove();
      remove(run);
      evicted.add(run);
    }
    return weight.get() < mostWeight;
  }

  private void remove(Run run) {
    Kept kept = runs.remove(run.id());
    if (kept != null) {
      synchronized (kept) {
        kept.forgotten = true;
        weight.addAndGet(-kept.weight);
      }
    }
  }

  /** Returns the run with this id; empty if there is none, or none any more. */
  Optional<Run> find(String id) {
    return Optional.ofNullable(runs.get(id)).map(kept -> kept.run);
  }

  /** Returns all runs whose stream can be read, the youngest first. */
  List<Run> all() {
    return runs.values().stream()
        .map(kept -> kept.run)
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
    running.forEach(run -> run.cancelIfOrphaned(SOON));
    forgetOld();
    for (Run run = evicted.poll(); run != null; run = evicted.poll()) {
      run.presence().dismiss();
    }
  }

  private synchronized void forgetOld() {
    long kept = limits.retention().toNanos();
    for (Iterator<Run> oldest = finished.iterator(); oldest.hasNext(); ) {
      Run run = oldest.next();
      if (!run.log().ended() || run.overNanos() < kept) {
        return;
      }
      // A listener holds the log in memory, so the log must count until the last one has left.
      if (run.presence().isEmpty()) {
        oldest.remove();
        remove(run);
      }
    }
  }

  /** Waits for the runs to end, cancels those that have not, and waits for their end. */
  void stop(Duration patience) throws InterruptedException {
    awaitEnds(patience);
    running.forEach(run -> run.cancel(CancelledBy.SHUTDOWN));
    awaitEnds(TO_CANCEL);
  }

  private void awaitEnds(Duration patience) throws InterruptedException {
    List<Run> waitedFor = runs.values().stream().map(kept -> kept.run).toList();
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
