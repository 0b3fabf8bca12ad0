package ee.lmstudio.sdk.error;

/** Thrown if LM Studio is older than 0.2.18. Update LM Studio. */
public final class UnsupportedVersionException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public UnsupportedVersionException(String message, String hint, Throwable cause) {
    super("unsupported_version", message, hint, cause);
  }
}
