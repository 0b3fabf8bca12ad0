package ee.lmstudio.run;

import ee.lmstudio.config.Lines;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.Shares;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.RetryableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides which runs may work and which wait. Both are limited, in all and for each caller. A free
 * place goes to the callers in turn, so that a caller with many requests does not delay one with
 * few. For any thread.
 */
final class Admission {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final ServerSettings.Streams limits;
  private final StartRate rate;
  private final RequestMemory memory;

  // Guarded by this.
  private final Lines<String, Place> waiting = new Lines<>();
  private final Shares<String> running = new Shares<>();
  private boolean stopping;

  /**
   * @param memory maximum size in bytes of the requests of all runs together
   * @param nanoTime measures rates
   */
  Admission(ServerSettings.Streams limits, long memory, LongSupplier nanoTime) {
    this.limits = limits;
    this.memory = new RequestMemory(memory);
    this.rate = new StartRate(limits.startsPerMinute(), nanoTime);
  }

  /**
   * Returns a place for one run of this caller: a free one, or one in the queue.
   *
   * @param bytes the size of the run's request by {@link RequestMemory#of}
   * @throws OverloadedException if the queue is full, or the server is stopping
   * @throws RateLimitedException if this caller has reached a limit of its own
   */
  synchronized Place enter(String caller, long bytes) {
    if (stopping) {
      throw new OverloadedException("The server is stopping", "Try again when it is back.", SOON);
    }
    boolean waits = !isFree(caller);
    if (waits && (limits.queueTimeout().isZero() || isQueueFull(caller))) {
      throw refusal(caller, "");
    }
    rate.take(caller)
        .ifPresent(
            wait -> {
              throw new RateLimitedException(
                  "You have started too many streams (limit %d a minute)"
                      .formatted(limits.startsPerMinute()),
                  "Wait for the time that Retry-After names, then try again.",
                  wait);
            });
    memory.take(caller, bytes);
    Place place = new Place(this, caller, bytes);
    if (waits) {
      waiting.add(caller, place);
      renumber();
    } else {
      run(place);
    }
    return place;
  }

  /** Returns how many runs a caller may start. Without a limit, the result is empty. */
  Optional<Quota> quota(String caller) {
    return rate.quota(caller);
  }

  private boolean isFree(String caller) {
    return isFree() && hasFreeOfTheirOwn(caller);
  }

  private boolean isFree() {
    return limits.max() == 0 || running.all() < limits.max();
  }

  private boolean hasFreeOfTheirOwn(String caller) {
    return limits.maxPerCaller() == 0 || running.of(caller) < limits.maxPerCaller();
  }

  /** The queue is as long as the number of places. */
  private boolean isQueueFull(String caller) {
    return limits.max() > 0 && waiting.size() >= limits.max()
        || limits.maxPerCaller() > 0 && waiting.of(caller) >= limits.maxPerCaller();
  }

  private void run(Place place) {
    running.add(place.caller(), 1);
    place.comesUp();
  }

  /** Takes back a place, whether it was in the queue or not. */
  synchronized void leave(Place place) {
    memory.giveBack(place.caller(), place.bytes());
    if (place.isWaiting()) {
      waiting.remove(place.caller(), place);
      return;
    }
    running.remove(place.caller(), 1);
    handOut();
  }

  /** Gives free places to waiting runs. */
  private void handOut() {
    while (!stopping && isFree()) {
      Optional<Place> next = waiting.next(this::hasFreeOfTheirOwn);
      if (next.isEmpty()) {
        return;
      }
      run(next.get());
    }
  }

  /**
   * Returns why a caller gets no place now.
   *
   * @param begin the beginning of the message; may be empty
   */
  synchronized RetryableException refusal(String caller, String begin) {
    if (!hasFreeOfTheirOwn(caller)) {
      return new RateLimitedException(
          "%sToo many of your streams are running (limit %d)"
              .formatted(begin, limits.maxPerCaller()),
          "Wait until one of your streams has ended, or cancel one.",
          SOON);
    }
    return new OverloadedException(
        "%sToo many streams are running (limit %d)".formatted(begin, limits.max()),
        "Wait until a stream has ended. The operator can raise lm-studio.max-streams.",
        SOON);
  }

  /** Updates the position of each waiting run. */
  synchronized void renumber() {
    int position = 1;
    for (Place place : waiting.inTurn()) {
      place.standsAt(position++);
    }
  }

  /** Refuses new runs, and cancels those that wait. */
  synchronized void stop() {
    stopping = true;
    waiting.inTurn().forEach(Place::cancel);
  }

  /** Returns how many runs have a place. */
  synchronized int running() {
    return (int) running.all();
  }
}
