package ee.lmstudio.http.error;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Lists the error codes of the HTTP contract with their statuses. */
public enum ErrorCode {
  MALFORMED_JSON(400),
  /** The server cannot parse the HTTP request. Its body was not checked. */
  MALFORMED_REQUEST(400),
  UNAUTHENTICATED(401),
  FORBIDDEN(403),
  NOT_FOUND(404),
  STREAM_NOT_FOUND(404),
  /** The caller has no stored response with this id. */
  RESPONSE_NOT_FOUND(404),
  MODEL_NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  NOT_ACCEPTABLE(406),
  /** The request body did not arrive in time, or arrived too slowly. */
  REQUEST_TIMEOUT(408),
  IDEMPOTENCY_CONFLICT(409),
  MODEL_NOT_LOADED(409),
  /** The client waited for a whole answer, and its stream was cancelled. */
  CANCELLED(409),
  PAYLOAD_TOO_LARGE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  /** The {@code Host} of the request is not a name of this server. */
  MISDIRECTED_REQUEST(421),
  VALIDATION_FAILED(422),
  CONTEXT_OVERFLOW(422),
  RATE_LIMITED(429),
  INTERNAL_ERROR(500),
  FEATURE_UNAVAILABLE(501),
  ANSWER_TOO_LARGE(502),
  UNSUPPORTED_VERSION(502),
  UPSTREAM_UNREACHABLE(502),
  UPSTREAM_AUTH_FAILED(502),
  UPSTREAM_ERROR(502),
  UPSTREAM_PROTOCOL_ERROR(502),
  HOST_NOT_ALLOWED(502),
  /** The API is switched off. With 403: audio or images are switched off. */
  FEATURE_DISABLED(503),
  NOT_CONFIGURED(503),
  OVERLOADED(503),
  UPSTREAM_TIMEOUT(504);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** Returns the HTTP status of this code. */
  public int status() {
    return status;
  }

  /** Returns the code as it appears in answers, such as {@code malformed_json}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the code whose text is {@code text}; empty if there is none. */
  public static Optional<ErrorCode> of(String text) {
    return Arrays.stream(values()).filter(code -> code.text().equals(text)).findFirst();
  }

  /** Returns the code for an error of which only the status is known. */
  public static ErrorCode ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 408 -> REQUEST_TIMEOUT;
      case 413 -> PAYLOAD_TOO_LARGE;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 429 -> RATE_LIMITED;
      case 503 -> OVERLOADED;
      default -> status < 500 ? MALFORMED_REQUEST : INTERNAL_ERROR;
    };
  }
}
