package ee.lmstudio.http.error;

import ee.lmstudio.stream.Failure;

/** Thrown if LM Studio has answered with an error that the client gets as it is. */
public final class RelayedErrorException extends RuntimeException {
  private final transient Failure.Answer answer;

  public RelayedErrorException(Failure.Answer answer) {
    super("LM Studio answered with status " + answer.status());
    this.answer = answer;
  }

  /** Returns the answer of LM Studio. */
  public Failure.Answer answer() {
    return answer;
  }
}
