package ee.lmstudio.http.body;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.Route;
import ee.lmstudio.http.error.ApiError;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Checks how fast a body arrives. It must arrive within a time limit, and after {@link #ANY_RATE}
 * also at a minimum average rate.
 */
final class BodyPace {
  /** How long a body may arrive at any rate, from the beginning of the request. */
  static final Duration ANY_RATE = Duration.ofSeconds(5);

  /** The minimum rate afterwards, on average since the beginning. */
  static final int BYTES_PER_SECOND = 1024;

  /** {@code lm-studio.body-timeout} is the time limit for this many bytes. */
  private static final int TIMED_BYTES = 10 << 20;

  private final LongSupplier nanoTime;
  private final Duration limit;
  private final long begun;

  /**
   * Starts the time of a body.
   *
   * @param limit how long the body may take to arrive; zero: no limit, only the minimum rate
   */
  BodyPace(LongSupplier nanoTime, Duration limit) {
    this.nanoTime = nanoTime;
    this.limit = limit;
    this.begun = nanoTime.getAsLong();
  }

  /** Starts the time of a body. Routes whose bodies may be long have more time for them. */
  static BodyPace of(Route.BodyLimit limit, ServerSettings settings, LongSupplier nanoTime) {
    int times = limit == Route.BodyLimit.NONE ? 1 : 1 + limit.bytes(settings) / TIMED_BYTES;
    return new BodyPace(nanoTime, settings.bodies().timeout().multipliedBy(times));
  }

  /**
   * Returns the error for a body that is too late or too slow; null if it is neither.
   *
   * @param bytes how many bytes have arrived by now
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
