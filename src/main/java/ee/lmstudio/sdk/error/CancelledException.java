package ee.lmstudio.sdk.error;

/** The caller cancelled the call, or its thread was interrupted. Nothing is wrong. */
public final class CancelledException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public CancelledException(String message, String hint, Throwable cause) {
    super("cancelled", message, hint, cause);
  }
}
