package ee.lmstudio.sdk.internal.http;

import java.io.IOException;

/**
 * Thrown if the server answered with something other than the requested result. Keeps the answer.
 */
public final class UnexpectedAnswerException extends IOException {
  private final transient HttpAnswer answer;

  public UnexpectedAnswerException(HttpAnswer answer) {
    super("The answer has status " + answer.status() + " and is not the requested result");
    this.answer = answer;
  }

  /** Returns the answer, whose body was read up to a limit. */
  public HttpAnswer answer() {
    return answer;
  }
}
