package ee.lmstudio.sdk.error;

/** LM Studio has no model of this name. Choose one of {@code listModels}. */
public final class ModelNotFoundException extends PermanentException {

  public ModelNotFoundException(String message, String hint, Throwable cause) {
    super("model_not_found", message, hint, cause);
  }
}
