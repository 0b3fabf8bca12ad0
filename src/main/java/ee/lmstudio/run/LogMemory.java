package ee.lmstudio.run;

import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Counts the memory of all logs, by the callers who own them. The running logs of one caller may
 * take as much memory as they leave free. So one caller alone gets half of it, and every other
 * caller finds some. The logs of ended runs fill the rest until it is needed. Not thread-safe:
 * {@link RunRegistry} guards it.
 */
final class LogMemory {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** What one caller owns. */
  static final class Owner {
    private final String name;
    private final Set<Log> running = new HashSet<>();

    /** In the order in which they ended. */
    private final Deque<Log> ended = new ArrayDeque<>();

    /** The memory of all logs, and of the running ones. */
    private long weight;

    private long runningWeight;

    /** How much the running logs took when one of them was told to end; 0 if none was. */
    private long toldAt;

    private Owner(String name) {
      this.name = name;
    }

    /** Returns the logs of ended runs, the oldest first. */
    Collection<Log> ended() {
      return List.copyOf(ended);
    }
  }

  /** The log of one run, as long as it is counted. */
  static final class Log {
    final Run run;
    private final Owner owner;
    private long weight;

    /** Whether it is among the running logs of its owner. Asked for each entry. */
    private boolean running = true;

    private boolean removed;
    private boolean mustEnd;

    /** A run fails once: its terminal entry must still fit. */
    private boolean ends;

    private Log(Run run, Owner owner) {
      this.run = run;
      this.owner = owner;
    }
  }

  private final long most;
  private final long mostOfOne;
  private final long ofEach;
  private final long step;
  private final Map<String, Owner> owners = new HashMap<>();
  private long weight;
  private long runningWeight;

  /**
   * @param most the bytes that all logs together may take
   * @param mostOfOne the bytes that one log may take
   * @param ofEach the bytes that each run takes besides the entries of its log
   */
  LogMemory(long most, long mostOfOne, long ofEach) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    this.ofEach = ofEach;
    this.step = Math.max(1, most / 64);
  }

  /**
   * Counts the log of a new run.
   *
   * @throws OverloadedException if the running logs of its owner take their share
   */
  Log add(Run run) {
    Owner owner = owners.computeIfAbsent(run.owner(), Owner::new);
    long own = owner.runningWeight;
    if (own >= most - runningWeight) {
      forgetIfUnused(owner);
      throw new OverloadedException(
          "Your running streams take as much memory for stream logs as is free (%d of %d bytes)"
              .formatted(own, most),
          "Try again when one of your streams has ended, or give the server more heap.",
          SOON);
    }
    Log log = new Log(run, owner);
    owner.running.add(log);
    count(log, ofEach);
    return log;
  }

  /**
   * Counts the bytes of one more entry.
   *
   * @throws AnswerTooLargeException if the run must end, because its log or the running logs of its
   *     owner take too much memory. Thrown once for each run
   */
  void grow(Log log, long bytes) {
    if (log.removed) {
      return;
    }
    count(log, bytes);
    boolean tooLarge = log.weight > mostOfOne;
    if ((tooLarge || mustEnd(log)) && !log.ends) {
      log.ends = true;
      throw new AnswerTooLargeException(
          tooLarge
              ? "The stream's log takes more memory than one stream may (limit %d bytes)"
                  .formatted(mostOfOne)
              : "The running streams of this caller take more than the caller's share of the memory"
                  + " for stream logs (%d bytes for all callers)".formatted(most),
          "Set max_tokens to limit the answer, or give the server more heap.",
          null);
    }
  }

  private void count(Log log, long bytes) {
    Owner owner = log.owner;
    log.weight += bytes;
    owner.weight += bytes;
    weight += bytes;
    if (log.running) {
      owner.runningWeight += bytes;
      runningWeight += bytes;
    }
  }

  /**
   * Returns whether a run must end, because the running logs of its owner take too much. First the
   * largest of them is told: its next entry fails. If it has no next entry, and the others go on,
   * the one that grows is told as well.
   */
  private boolean mustEnd(Log grows) {
    Owner owner = grows.owner;
    if (!grows.running) {
      return false;
    }
    if (owner.runningWeight <= most - runningWeight) {
      owner.toldAt = 0;
    } else if (owner.toldAt == 0) {
      owner.toldAt = owner.runningWeight;
      owner.running.stream()
          .filter(log -> !log.mustEnd && !log.ends)
          .max(Comparator.comparingLong(log -> log.weight))
          .ifPresent(largest -> largest.mustEnd = true);
    } else if (owner.runningWeight > owner.toldAt + step) {
      owner.toldAt = owner.runningWeight;
      grows.mustEnd = true;
    }
    return grows.mustEnd;
  }

  /** Notes that a run is ending. From now on its log may be removed to make room. */
  void ending(Log log) {
    if (noLongerRunning(log)) {
      log.owner.ended.add(log);
    }
  }

  private boolean noLongerRunning(Log log) {
    Owner owner = log.owner;
    if (!owner.running.remove(log)) {
      return false;
    }
    log.running = false;
    owner.runningWeight -= log.weight;
    runningWeight -= log.weight;
    owner.toldAt = 0;
    return true;
  }

  /** Stops counting a log. */
  void remove(Log log) {
    if (!log.removed) {
      noLongerRunning(log);
      log.removed = true;
      log.owner.ended.remove(log);
      log.owner.weight -= log.weight;
      weight -= log.weight;
      forgetIfUnused(log.owner);
    }
  }

  private void forgetIfUnused(Owner owner) {
    if (owner.running.isEmpty() && owner.ended.isEmpty()) {
      owners.remove(owner.name, owner);
    }
  }

  /**
   * Returns the log that must be removed to make room: of the owner whose logs take most, the one
   * that ended first. Empty if there is room, or if no run has ended.
   */
  Optional<Log> toRemove() {
    if (weight <= most) {
      return Optional.empty();
    }
    return owners.values().stream()
        .filter(owner -> !owner.ended.isEmpty())
        .max(Comparator.comparingLong(owner -> owner.weight))
        .map(owner -> owner.ended.element());
  }

  /** Returns all callers who own a log. */
  List<Owner> owners() {
    return List.copyOf(owners.values());
  }

  /** Returns the runs that have not begun to end. */
  Stream<Run> running() {
    return owners.values().stream().flatMap(owner -> owner.running.stream()).map(log -> log.run);
  }
}
