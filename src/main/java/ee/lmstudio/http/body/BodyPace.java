package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a body must arrive: within a time limit, and at a least average rate once its first
 * seconds are over.
 */
final class BodyPace {
  /** How long a body may arrive at any rate. */
  static final Duration ANY_RATE = Duration.ofSeconds(5);

  /** The least average rate afterwards. */
  static final int BYTES_PER_SECOND = 1024;

  private final LongSupplier nanoTime;
  private final Duration limit;
  private final long begun;

  /**
   * Starts the time of a body.
   *
   * @param limit zero: no limit, only the least rate
   */
  BodyPace(LongSupplier nanoTime, Duration limit) {
    this.nanoTime = nanoTime;
    this.limit = limit;
    this.begun = nanoTime.getAsLong();
  }

  /**
   * Returns the error for a body of which so many bytes have arrived by now; null if it is none.
   */
  ApiError check(long bytes) {
    long nanos = nanoTime.getAsLong() - begun;
    if (!limit.isZero() && nanos > limit.toNanos()) {
      return BodyErrors.tooLate(limit, bytes);
    }
    boolean slow = bytes < nanos / (double) TimeUnit.SECONDS.toNanos(1) * BYTES_PER_SECOND;
    return slow && nanos > ANY_RATE.toNanos() ? BodyErrors.tooSlow(BYTES_PER_SECOND, bytes) : null;
  }
}
