package ee.lmstudio.sdk.error;

/**
 * Prompt and answer do not fit the context the model was loaded with. Shorten, or load it larger.
 */
public final class ContextOverflowException extends PermanentException {

  public ContextOverflowException(String message, String hint) {
    super("context_overflow", message, hint, null);
  }
}
