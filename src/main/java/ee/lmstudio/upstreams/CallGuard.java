package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.PermanentException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.RetryableException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * MicroProfile Fault Tolerance around the calls that are no streams: an LM Studio that fails over
 * and over is left alone for a while, and only so many calls wait for it at once. Never retries:
 * the SDK does, and knows when. Only faults of LM Studio count, not those of requests or settings.
 *
 * <p>The timeouts here only catch what the SDK's own limits could not end: they follow {@code
 * lm-studio.timeout} and {@code lm-studio.generation-timeout}, 10 s later. Each other value can be
 * set by MicroProfile Config, such as {@code
 * ee.lmstudio.upstreams.CallGuard/plain/CircuitBreaker/delay} in milliseconds.
 */
@ApplicationScoped
public class CallGuard {
  /** How long LM Studio is left alone. */
  static final int OPEN_MILLIS = 5_000;

  private static final int CALLS_LOOKED_AT = 10;

  /** Guards a call that generates nothing. */
  @CircuitBreaker(
      requestVolumeThreshold = CALLS_LOOKED_AT,
      failureRatio = 0.5,
      delay = OPEN_MILLIS,
      failOn = RetryableException.class,
      skipOn = {PermanentException.class, RateLimitedException.class, OverloadedException.class})
  @Bulkhead(64)
  @Timeout(value = 70, unit = ChronoUnit.SECONDS)
  public <T> T plain(Supplier<T> call) {
    return call.get();
  }

  /** Guards audio and images, which take long. */
  @CircuitBreaker(
      requestVolumeThreshold = CALLS_LOOKED_AT,
      failureRatio = 0.5,
      delay = OPEN_MILLIS,
      failOn = RetryableException.class,
      skipOn = {PermanentException.class, RateLimitedException.class, OverloadedException.class})
  @Bulkhead(16)
  @Timeout(value = 610, unit = ChronoUnit.SECONDS)
  public <T> T work(Supplier<T> call) {
    return call.get();
  }
}
