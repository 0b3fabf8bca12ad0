package ee.lmstudio.http.error;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An error as the HTTP contract tells it. None of its texts may hold a secret, a prompt or an
 * answer.
 *
 * @param status HTTP status
 * @param code machine-readable
 * @param message what failed, with which value
 * @param hint what to do next
 * @param details every wrong field; empty if no field is
 * @param retryAfter when to ask again; empty if waiting does not help
 */
public record ApiError(
    int status,
    ErrorCode code,
    String message,
    String hint,
    List<Detail> details,
    Optional<Duration> retryAfter) {

  /**
   * One wrong field.
   *
   * @param field JSON path, such as {@code messages[0].role}; empty for the body as a whole
   * @param message what is wrong and what is allowed
   */
  public record Detail(String field, String message) {}

  public ApiError {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(hint, "hint");
    details = List.copyOf(details);
    Objects.requireNonNull(retryAfter, "retryAfter");
  }

  /** An error with its code's own status. */
  public static ApiError of(ErrorCode code, String message, String hint) {
    return new ApiError(code.status(), code, message, hint, List.of(), Optional.empty());
  }

  /** The same with another status than the code's own. */
  public ApiError withStatus(int other) {
    return new ApiError(other, code, message, hint, details, retryAfter);
  }

  /** The same with the wrong fields. */
  public ApiError withDetails(List<Detail> fields) {
    return new ApiError(status, code, message, hint, fields, retryAfter);
  }

  /** The same with the time to wait before the next try. */
  public ApiError withRetryAfter(Duration wait) {
    return new ApiError(status, code, message, hint, details, Optional.of(wait));
  }

  /** {@code Retry-After} in whole seconds, at least 1. */
  public Optional<String> retryAfterSeconds() {
    return retryAfter.map(wait -> Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
  }
}
