package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.stream.CancelledBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
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
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * All runs whose streams can be read: those that are running, and those that ended not long ago.
 * Keeps their number, age and memory within the limits. For any thread.
 *
 * <p>The running logs of one caller may take as much memory as they leave free, so one caller alone
 * gets half of it, and every other caller finds some. The logs of ended runs fill the rest until it
 * is needed.
 */
final class RunRegistry {
  private static final Logger LOG = Logger.getLogger(RunRegistry.class.getName());
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration TO_CANCEL = Duration.ofSeconds(2);

  /** What one caller holds. Guarded by the registry. */
  private static final class Owner {
    final String name;
    private final Set<Kept> running = new HashSet<>();

    /** In the order in which they ended. */
    private final Deque<Kept> finished = new ArrayDeque<>();

    /** The memory of the running logs, and of all logs. */
    private long runningWeight;

    private long weight;

    /** How much the running logs took when one of them was told to end; 0 if none is. */
    private long toldAt;

    Owner(String name) {
      this.name = name;
    }
  }

  /** A run and the memory that its log uses. Guarded by the registry. */
  private static final class Kept {
    final Run run;
    final Owner owner;
    private long weight;
    private boolean forgotten;
    private boolean mustEnd;

    /** A run fails once: its terminal entry must still fit. */
    private boolean ends;

    Kept(Run run, Owner owner) {
      this.run = run;
      this.owner = owner;
    }
  }

  private final ServerSettings.Streams limits;
  private final long mostWeight;
  private final long mostOfOne;
  private final long ofEach;
  private final long step;
  private final Map<String, Kept> runs = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Map<String, Owner> owners = new HashMap<>();
  private long runningWeight;
  private long weight;

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
    this.step = Math.max(1, mostWeight / 64);
  }

  /**
   * Adds a run that is about to begin or to wait for its turn.
   *
   * @return a callback for the bytes that each entry adds to the log's memory; it throws {@link
   *     AnswerTooLargeException} when the log has become too large
   * @throws OverloadedException if the running streams of its owner fill the owner's share of the
   *     memory for logs
   */
  synchronized LongConsumer add(Run run) {
    Owner owner = owners.computeIfAbsent(run.owner(), Owner::new);
    long own = owner.runningWeight;
    if (own >= mostWeight - runningWeight) {
      forgetUnused(owner);
      throw new OverloadedException(
          "Your running streams take as much memory for stream logs as is free (%d of %d bytes)"
              .formatted(own, mostWeight),
          "Try again when one of your streams has ended, or give the server more heap.",
          SOON);
    }
    Kept kept = new Kept(run, owner);
    runs.put(run.id(), kept);
    owner.running.add(kept);
    count(kept, ofEach, true);
    evictFinished();
    return bytes -> weighed(kept, bytes);
  }

  /** Removes a run that was not begun after all. */
  synchronized void forget(Run run) {
    Kept kept = runs.get(run.id());
    if (kept != null) {
      noLongerRunning(kept);
      remove(kept);
    }
  }

  /** Notes that a run is ending. Its stream stays readable, unless its log never opened. */
  synchronized void ending(Run run) {
    Kept kept = runs.get(run.id());
    if (kept == null) {
      return;
    }
    noLongerRunning(kept);
    if (run.log().lastCursor() == 0) {
      remove(kept);
    } else {
      kept.owner.finished.add(kept);
    }
  }

  private void noLongerRunning(Kept kept) {
    Owner owner = kept.owner;
    if (owner.running.remove(kept)) {
      owner.runningWeight -= kept.weight;
      runningWeight -= kept.weight;
      owner.toldAt = 0;
    }
  }

  private void count(Kept kept, long bytes, boolean running) {
    kept.weight += bytes;
    kept.owner.weight += bytes;
    weight += bytes;
    if (running) {
      kept.owner.runningWeight += bytes;
      runningWeight += bytes;
    }
  }

  /**
   * Counts one more entry. Logs of ended runs make room. If the running logs of the owner take more
   * than their share, the largest of them must end, or a few runs could fill the heap.
   */
  private void weighed(Kept kept, long bytes) {
    boolean tooLarge;
    boolean mustEnd;
    synchronized (this) {
      if (kept.forgotten) {
        return;
      }
      boolean running = kept.owner.running.contains(kept);
      count(kept, bytes, running);
      if (running) {
        limit(kept);
      }
      evictFinished();
      tooLarge = kept.weight > mostOfOne && !kept.ends;
      mustEnd = kept.mustEnd && !kept.ends;
      kept.ends |= tooLarge || mustEnd;
    }
    if ((tooLarge || mustEnd) && !kept.run.log().ended()) {
      throw tooLarge(
          tooLarge
              ? "The stream's log takes more memory than one stream may (limit %d bytes)"
                  .formatted(mostOfOne)
              : "The running streams of this caller take more than the caller's share of the memory"
                  + " for stream logs (%d bytes for all callers)".formatted(mostWeight));
    }
  }

  private static AnswerTooLargeException tooLarge(String message) {
    return new AnswerTooLargeException(
        message, "Set max_tokens to limit the answer, or give the server more heap.", null);
  }

  /**
   * Decides whether a run of this owner must end. First the largest one is told to: its next entry
   * fails. If it has no next entry, and the others go on, the one that grows is told as well.
   */
  private void limit(Kept grows) {
    Owner owner = grows.owner;
    if (owner.runningWeight <= mostWeight - runningWeight) {
      owner.toldAt = 0;
    } else if (owner.toldAt == 0) {
      owner.toldAt = owner.runningWeight;
      owner.running.stream()
          .filter(kept -> !kept.mustEnd && !kept.ends)
          .max(Comparator.comparingLong(kept -> kept.weight))
          .ifPresent(largest -> largest.mustEnd = true);
    } else if (owner.runningWeight > owner.toldAt + step) {
      owner.toldAt = owner.runningWeight;
      grows.mustEnd = true;
    }
  }

  /** Removes ended runs until the logs fit: the oldest one of the owner whose logs take most. */
  private void evictFinished() {
    while (weight > mostWeight) {
      Optional<Owner> largest =
          owners.values().stream()
              .filter(owner -> !owner.finished.isEmpty())
              .max(Comparator.comparingLong(owner -> owner.weight));
      if (largest.isEmpty()) {
        return;
      }
      Kept oldest = largest.get().finished.remove();
      remove(oldest);
      evicted.add(oldest.run);
    }
  }

  private void remove(Kept kept) {
    if (runs.remove(kept.run.id(), kept)) {
      kept.forgotten = true;
      kept.owner.weight -= kept.weight;
      weight -= kept.weight;
      forgetUnused(kept.owner);
    }
  }

  private void forgetUnused(Owner owner) {
    if (owner.running.isEmpty() && owner.finished.isEmpty()) {
      owners.remove(owner.name, owner);
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
    running().forEach(run -> run.cancelIfOrphaned(SOON));
    forgetOld();
    for (Run run = evicted.poll(); run != null; run = evicted.poll()) {
      run.presence().dismiss();
    }
  }

  private synchronized List<Run> running() {
    return owners.values().stream()
        .flatMap(owner -> owner.running.stream())
        .map(kept -> kept.run)
        .toList();
  }

  private synchronized void forgetOld() {
    List.copyOf(owners.values()).forEach(this::forgetOld);
  }

  private void forgetOld(Owner owner) {
    long kept = limits.retention().toNanos();
    for (Iterator<Kept> oldest = owner.finished.iterator(); oldest.hasNext(); ) {
      Kept next = oldest.next();
      if (!next.run.log().ended() || next.run.overNanos() < kept) {
        return;
      }
      // A listener holds the log in memory, so the log must count until the last one has left.
      if (next.run.presence().isEmpty()) {
        oldest.remove();
        remove(next);
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
