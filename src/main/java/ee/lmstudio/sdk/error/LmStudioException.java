package ee.lmstudio.sdk.error;

import java.util.Objects;

/**
 * Anything that went wrong between the caller and LM Studio.
 *
 * <p>The type says what to do: {@link RetryableException}, the same call may work later; {@link
 * PermanentException}, it will not until something is changed. The message says what failed, with
 * which value; {@link #hint()} says what to do next. No message holds a key, a prompt or an answer.
 *
 * <p>Headers and body of an error answer are not kept: LM Studio repeats parts of the token and of
 * the prompt in them, in no fixed place, and exceptions end in logs. What is of use is read out of
 * them: status, wrong fields, numbers of tokens, time to wait, and the cleaned text as the message.
 */
public abstract sealed class LmStudioException extends RuntimeException
    permits RetryableException, PermanentException {

  /** What the fault is called by programs. */
  private final String code;

  /** What to do next. */
  private final String hint;

  LmStudioException(String code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.hint = Objects.requireNonNull(hint, "hint");
  }

  /**
   * {@return the machine-readable name of the fault, as the HTTP contract lists them: {@code
   * rate_limited}}
   */
  public final String code() {
    return code;
  }

  /** {@return what to do next, one or two sentences} Never null. */
  public final String hint() {
    return hint;
  }
}
