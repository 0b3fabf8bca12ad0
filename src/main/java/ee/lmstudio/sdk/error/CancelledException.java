package ee.lmstudio.sdk.error;

/** The caller cancelled the call, or its thread was interrupted. Nothing is wrong. */
public final class CancelledException extends PermanentException {

  public CancelledException(String message, String hint, Throwable cause) {
    super("cancelled", message, hint, cause);
  }
}
