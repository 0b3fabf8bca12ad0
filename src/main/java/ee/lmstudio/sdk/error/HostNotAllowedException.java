package ee.lmstudio.sdk.error;

/**
 * Thrown if the host, or the address behind its name, is not allowed. Correct the address or add
 * the host to {@code allowedHosts}.
 */
public final class HostNotAllowedException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public HostNotAllowedException(String message, String hint, Throwable cause) {
    super("host_not_allowed", message, hint, cause);
  }
}
