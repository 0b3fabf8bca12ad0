package ee.lmstudio.sdk.internal.http;

import java.io.IOException;

/** The server answered, but not with what was asked for. What it said instead is kept. */
public final class UnexpectedAnswerException extends IOException {
  private final transient HttpAnswer answer;

  public UnexpectedAnswerException(HttpAnswer answer) {
    super("The answer has status " + answer.status() + " and is not what was asked for");
    this.answer = answer;
  }

  /** The answer, its body bounded. */
  public HttpAnswer answer() {
    return answer;
  }
}
