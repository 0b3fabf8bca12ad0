package ee.lmstudio.sdk.error;

/**
 * Thrown if the answer exceeds the size limit. Text that the observer has already received stays
 * valid. Ask for a shorter answer.
 */
public final class AnswerTooLargeException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public AnswerTooLargeException(String message, String hint, Throwable cause) {
    super("answer_too_large", message, hint, cause);
  }
}
