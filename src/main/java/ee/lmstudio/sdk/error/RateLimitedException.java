package ee.lmstudio.sdk.error;

import java.time.Duration;

/**
 * LM Studio, or a proxy before it, answered 429; or a limit of ours for this caller is reached.
 * Wait {@link #retryAfter()} and ask again.
 */
public final class RateLimitedException extends RetryableException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param retryAfter how long to wait, null if the answer does not say
   */
  public RateLimitedException(String message, String hint, Duration retryAfter) {
    super("rate_limited", message, hint, null, retryAfter);
  }
}
