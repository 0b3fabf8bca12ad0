package ee.lmstudio.sdk.error;

/**
 * Thrown if LM Studio has no model of this name. Choose a model that {@code listModels} returns.
 */
public final class ModelNotFoundException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public ModelNotFoundException(String message, String hint, Throwable cause) {
    super("model_not_found", message, hint, cause);
  }
}
