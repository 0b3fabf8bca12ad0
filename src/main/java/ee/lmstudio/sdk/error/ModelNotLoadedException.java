package ee.lmstudio.sdk.error;

/** Thrown if no model is loaded and LM Studio could not load one. Load a model in LM Studio. */
public final class ModelNotLoadedException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public ModelNotLoadedException(String message, String hint, Throwable cause) {
    super("model_not_loaded", message, hint, cause);
  }
}
