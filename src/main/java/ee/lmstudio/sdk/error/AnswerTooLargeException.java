package ee.lmstudio.sdk.error;

/** The answer grew beyond the limit. What came so far is kept; ask for less. */
public final class AnswerTooLargeException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public AnswerTooLargeException(String message, String hint, Throwable cause) {
    super("answer_too_large", message, hint, cause);
  }
}
