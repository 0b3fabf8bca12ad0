package ee.lmstudio.inference;

import java.time.Duration;

/** A stream was not begun, because of our own limits. Nothing was sent. */
public final class AdmissionException extends RuntimeException {
  private final boolean callersOwnLimit;
  private final String hint;
  private final Duration retryAfter;

  AdmissionException(boolean callersOwnLimit, String message, String hint, Duration retryAfter) {
    super(message);
    this.callersOwnLimit = callersOwnLimit;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }

  /** True: this caller has too many; false: all callers together, or the server stops. */
  public boolean callersOwnLimit() {
    return callersOwnLimit;
  }

  /** What to do next. */
  public String hint() {
    return hint;
  }

  /** When it is worth to ask again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
