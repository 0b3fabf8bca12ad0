package ee.lmstudio.sdk.error;

import java.time.Duration;

/**
 * LM Studio could not be reached: refused, no route, unknown name, TLS failure or connect limit.
 * Start LM Studio's server or correct the address.
 */
public final class ConnectionException extends RetryableException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public ConnectionException(String message, String hint, Throwable cause) {
    this(message, hint, cause, null);
  }

  /**
   * An error of this kind, for a server that is known to stay away for a while.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   * @param retryAfter how long to wait before the next try; null if that is not known
   */
  public ConnectionException(String message, String hint, Throwable cause, Duration retryAfter) {
    super("upstream_unreachable", message, hint, cause, retryAfter);
  }
}
