package ee.lmstudio.sdk.error;

/** The host, or the address behind its name, may not be called. Correct the address or allow it. */
public final class HostNotAllowedException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public HostNotAllowedException(String message, String hint, Throwable cause) {
    super("host_not_allowed", message, hint, cause);
  }
}
