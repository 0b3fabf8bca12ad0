package ee.lmstudio.sdk.error;

/** LM Studio has no model of this name. Choose one of {@code listModels}. */
public final class ModelNotFoundException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public ModelNotFoundException(String message, String hint, Throwable cause) {
    super("model_not_found", message, hint, cause);
  }
}
