package ee.lmstudio.sdk.internal.sse;

import ee.lmstudio.sdk.internal.http.HttpAnswer;
import java.io.IOException;

/** The server answered, but with no event stream. What it said instead is kept. */
public final class NotAnEventStreamException extends IOException {
  private final transient HttpAnswer answer;

  NotAnEventStreamException(HttpAnswer answer) {
    super("The answer has status " + answer.status() + " and is no event stream");
    this.answer = answer;
  }

  /** The answer, its body bounded. */
  public HttpAnswer answer() {
    return answer;
  }
}
