package ee.lmstudio.sdk.error;

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
    super("upstream_unreachable", message, hint, cause);
  }
}
