package ee.lmstudio.sdk.error;

/** Thrown if the caller cancelled the call, or its thread was interrupted. This is not a fault. */
public final class CancelledException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public CancelledException(String message, String hint, Throwable cause) {
    super("cancelled", message, hint, cause);
  }
}
