package ee.lmstudio.sdk.error;

import java.time.Duration;

/**
 * Thrown if LM Studio cannot be reached: connection refused, no route, unknown host name, TLS
 * failure or connect limit. Start LM Studio's server or correct the address.
 */
public final class ConnectionException extends RetryableException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public ConnectionException(String message, String hint, Throwable cause) {
    this(message, hint, cause, null);
  }

  /**
   * Creates an exception for a server that is known to be unreachable for some time.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   * @param retryAfter how long to wait before the next try; null if that is not known
   */
  public ConnectionException(String message, String hint, Throwable cause, Duration retryAfter) {
    super("upstream_unreachable", message, hint, cause, retryAfter);
  }
}
