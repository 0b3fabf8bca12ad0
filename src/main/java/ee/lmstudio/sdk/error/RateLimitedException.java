package ee.lmstudio.sdk.error;

import java.time.Duration;

/**
 * Thrown if LM Studio or a proxy in front of it answered 429, or if this caller has reached a limit
 * of the program that uses the SDK. Wait for {@link #retryAfter()} and retry.
 */
public final class RateLimitedException extends RetryableException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param retryAfter how long to wait, null if the answer does not say
   */
  public RateLimitedException(String message, String hint, Duration retryAfter) {
    super("rate_limited", message, hint, null, retryAfter);
  }
}
