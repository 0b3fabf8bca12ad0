package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Objects;

/**
 * Thrown if the program that uses the SDK has reached a limit of its own for running or waiting
 * calls. Nothing was sent to LM Studio. Wait for {@link #retryAfter()} and retry.
 */
public final class OverloadedException extends RetryableException {
  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param retryAfter how long to wait before the next attempt
   */
  public OverloadedException(String message, String hint, Duration retryAfter) {
    super("overloaded", message, hint, null, Objects.requireNonNull(retryAfter, "retryAfter"));
  }
}
