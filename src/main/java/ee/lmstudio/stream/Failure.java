package ee.lmstudio.stream;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.RetryableException;
import ee.lmstudio.sdk.error.ValidationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The reason why work failed: the content of an exception as plain data.
 *
 * @param code machine-readable, as the HTTP API lists the codes
 * @param message what failed, with the value and the limit
 * @param hint what to do next
 * @param faults every wrong field; empty if no field is wrong
 * @param retryAfter how long to wait before the next attempt; empty if that is not known
 * @param answer what LM Studio answered, if the client gets it as it is; empty otherwise
 */
public record Failure(
    String code,
    String message,
    String hint,
    List<Fault> faults,
    Optional<Duration> retryAfter,
    Optional<Answer> answer) {

  /**
   * LM Studio's own answer.
   *
   * @param status its HTTP status
   * @param json its body, as LM Studio sent it
   */
  public record Answer(int status, String json) {
    /** Returns the status only, because the body may quote the request. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * One wrong field.
   *
   * @param field JSON path, such as {@code messages[0].role}; empty for the request as a whole
   * @param reason what is wrong and what is allowed
   */
  public record Fault(String field, String reason) {}

  public Failure {
    faults = List.copyOf(faults);
  }

  /** Returns the content of an exception. */
  public static Failure of(LmStudioException e) {
    List<Fault> faults =
        e instanceof ValidationException wrong
            ? wrong.faults().stream()
                .map(fault -> new Fault(fault.field(), fault.reason()))
                .toList()
            : List.of();
    Optional<Duration> retryAfter =
        e instanceof RetryableException later ? later.retryAfter() : Optional.empty();
    return new Failure(e.code(), e.getMessage(), e.hint(), faults, retryAfter, Optional.empty());
  }

  /** Returns the same failure with LM Studio's own answer, which the client gets as it is. */
  public Failure with(Answer own) {
    return new Failure(code, message, hint, faults, retryAfter, Optional.of(own));
  }

  /** Returns only the code and the number of faults, because the message may quote LM Studio. */
  @Override
  public String toString() {
    return "Failure[%s, %d faults]".formatted(code, faults.size());
  }
}
