package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Optional;

/**
 * Base type of temporary errors: the same call may succeed later. {@link #retryAfter()} says when,
 * if that is known.
 */
public abstract sealed class RetryableException extends LmStudioException
    permits ConnectionException,
        TimeoutException,
        RateLimitedException,
        ServerException,
        OverloadedException,
        StreamingException {

  /** Time to wait before the next attempt; null if that is not known. */
  private final Duration retryAfter;

  RetryableException(String code, String message, String hint, Throwable cause) {
    this(code, message, hint, cause, null);
  }

  RetryableException(
      String code, String message, String hint, Throwable cause, Duration retryAfter) {
    super(code, message, hint, cause);
    this.retryAfter = retryAfter;
  }

  /** {@return how long to wait before the next attempt; empty if that is not known} */
  public final Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
