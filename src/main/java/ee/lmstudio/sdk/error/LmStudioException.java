package ee.lmstudio.sdk.error;

import java.util.Objects;

/**
 * Base type of all exceptions of the SDK.
 *
 * <p>The type says what to do. After a {@link RetryableException}, the same call may succeed later.
 * After a {@link PermanentException}, it fails again until something is changed. The message says
 * what failed and with which value; {@link #hint()} says what to do next. A message never contains
 * a key or an answer. It can quote up to 200 characters of LM Studio's own error text, which can
 * repeat a part of the request.
 *
 * <p>Exceptions do not keep the headers and the body of an error answer: LM Studio repeats parts of
 * the token and of the prompt there, and exceptions are written to logs. They keep only the status,
 * the invalid fields, the numbers of tokens, the time to wait, and a cleaned text as the message.
 */
public abstract sealed class LmStudioException extends RuntimeException implements Cloneable
    permits RetryableException, PermanentException {

  /** Machine-readable name of the error. */
  private final String code;

  /** Tells the user what to do next. */
  private final String hint;

  LmStudioException(String code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.hint = Objects.requireNonNull(hint, "hint");
  }

  /**
   * {@return the machine-readable name of the error, such as {@code rate_limited}; the HTTP
   * contract lists all names}
   */
  public final String code() {
    return code;
  }

  /** {@return what to do next, in one or two sentences; never null} */
  public final String hint() {
    return hint;
  }

  /**
   * {@return a copy of this exception for another caller that waited for the same work} The copy
   * has the stack trace of the current thread. {@link #getSuppressed} of each copy contains the
   * original exception, unless that has suppressed exceptions itself.
   */
  public final LmStudioException copy() {
    try {
      LmStudioException copy = (LmStudioException) clone();
      copy.fillInStackTrace();
      // The copy of a copy already suppresses the first exception.
      if (getSuppressed().length == 0) {
        copy.addSuppressed(this);
      }
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
