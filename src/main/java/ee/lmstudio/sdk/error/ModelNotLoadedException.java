package ee.lmstudio.sdk.error;

/** No model is loaded and LM Studio could not load one. Load a model in LM Studio. */
public final class ModelNotLoadedException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public ModelNotLoadedException(String message, String hint, Throwable cause) {
    super("model_not_loaded", message, hint, cause);
  }
}
