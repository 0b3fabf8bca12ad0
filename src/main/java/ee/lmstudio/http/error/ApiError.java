package ee.lmstudio.http.error;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds an error of the HTTP API. None of its texts may contain a secret, a prompt or an answer.
 *
 * @param status HTTP status
 * @param code machine-readable code
 * @param message says what failed, and with which value
 * @param hint says what to do next
 * @param details the invalid fields; may be empty
 * @param retryAfter time to wait before the next attempt; empty if waiting does not help
 */
public record ApiError(
    int status,
    ErrorCode code,
    String message,
    String hint,
    List<Detail> details,
    Optional<Duration> retryAfter) {

  /**
   * Describes one invalid field.
   *
   * @param field JSON path, such as {@code messages[0].role}; empty for the body as a whole
   * @param message what is wrong and what is allowed
   */
  public record Detail(String field, String message) {
    /** Returns the field and its message as one text, such as {@code top_p: is 2; …}. */
    String text() {
      return (field.isEmpty() ? "The body" : field + ":") + " " + message;
    }
  }

  public ApiError {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(hint, "hint");
    details = List.copyOf(details);
    Objects.requireNonNull(retryAfter, "retryAfter");
  }

  /** Creates an error with the status of its code. */
  public static ApiError of(ErrorCode code, String message, String hint) {
    return new ApiError(code.status(), code, message, hint, List.of(), Optional.empty());
  }

  /** Returns the same error with another status than that of its code. */
  public ApiError withStatus(int other) {
    return new ApiError(other, code, message, hint, details, retryAfter);
  }

  /** Returns the same error with the invalid fields. */
  public ApiError withDetails(List<Detail> fields) {
    return new ApiError(status, code, message, hint, fields, retryAfter);
  }

  /** Returns the same error with the time to wait before the next attempt. */
  public ApiError withRetryAfter(Duration wait) {
    return new ApiError(status, code, message, hint, details, Optional.of(wait));
  }

  /** Returns {@code Retry-After} in whole seconds, at least 1. */
  public Optional<String> retryAfterSeconds() {
    return retryAfter.map(wait -> Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
  }
}
