package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Objects;

/**
 * The program that uses the SDK has as much to do as it may: a limit of its own, not LM Studio's.
 * Nothing was sent. Wait {@link #retryAfter()} and ask again.
 */
public final class OverloadedException extends RetryableException {
  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param retryAfter when it is worth to ask again
   */
  public OverloadedException(String message, String hint, Duration retryAfter) {
    super("overloaded", message, hint, null, Objects.requireNonNull(retryAfter, "retryAfter"));
  }
}
