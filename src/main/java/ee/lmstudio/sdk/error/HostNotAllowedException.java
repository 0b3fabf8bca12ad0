package ee.lmstudio.sdk.error;

/** The host, or the address behind its name, may not be called. Correct the address or allow it. */
public final class HostNotAllowedException extends PermanentException {

  public HostNotAllowedException(String message, String hint, Throwable cause) {
    super("host_not_allowed", message, hint, cause);
  }
}
