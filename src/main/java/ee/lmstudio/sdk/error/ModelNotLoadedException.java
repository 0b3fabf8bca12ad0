package ee.lmstudio.sdk.error;

/** No model is loaded and LM Studio could not load one. Load a model in LM Studio. */
public final class ModelNotLoadedException extends PermanentException {

  public ModelNotLoadedException(String message, String hint, Throwable cause) {
    super("model_not_loaded", message, hint, cause);
  }
}
