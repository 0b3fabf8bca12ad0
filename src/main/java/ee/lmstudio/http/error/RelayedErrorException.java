package ee.lmstudio.http.error;

import ee.lmstudio.stream.Failure;
import java.time.Duration;
import java.util.Optional;

/** Thrown if LM Studio has answered with an error that the client gets as it is. */
public final class RelayedErrorException extends RuntimeException {
  private final transient Failure.Answer answer;

  private final transient Optional<Duration> retryAfter;

  /**
   * @param retryAfter when the client may try again; empty if that is not known
   */
  public RelayedErrorException(Failure.Answer answer, Optional<Duration> retryAfter) {
    super("LM Studio answered with status " + answer.status());
    this.answer = answer;
    this.retryAfter = retryAfter;
  }

  /** Returns when the client may try again; empty if that is not known. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Returns the answer of LM Studio. */
  public Failure.Answer answer() {
    return answer;
  }
}
