package ee.lmstudio.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Limits how many streams each caller may start in a minute: a token bucket. */
final class StartRate {
  private static final double MINUTE = 60e9;

  /** The number of starts that were left at a time. */
  private record Bucket(double left, long at) {}

  private final int perMinute;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new HashMap<>();

  /**
   * @param perMinute 0: no limit
   */
  StartRate(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes one start. Returns how long to wait if none is left. The map needs no limit: callers are
   * named by configured tokens.
   */
  synchronized Optional<Duration> take(String caller) {
    if (perMinute == 0) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    double left = left(caller, now);
    if (left < 1) {
      return Optional.of(Duration.ofNanos((long) ((1 - left) * MINUTE / perMinute)));
    }
    buckets.put(caller, new Bucket(left - 1, now));
    return Optional.empty();
  }

  private double left(String caller, long now) {
    Bucket before = buckets.getOrDefault(caller, new Bucket(perMinute, now));
    return Math.min(perMinute, before.left() + (now - before.at()) * perMinute / MINUTE);
  }

  /** Returns how many runs a caller may start. Without a limit, the result is empty. */
  synchronized Optional<Quota> quota(String caller) {
    if (perMinute == 0) {
      return Optional.empty();
    }
    double left = left(caller, nanoTime.getAsLong());
    Duration full = Duration.ofNanos((long) ((perMinute - left) * MINUTE / perMinute));
    return Optional.of(new Quota(perMinute, (int) left, full));
  }
}
