package ee.lmstudio.http.error;

import ee.lmstudio.config.SettingNames;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.HostNotAllowedException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.RetryableException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.stream.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Maps the SDK's exceptions to errors of the HTTP API, with one row for each exception. {@code
 * docs/reference/errors.md} is a copy of this table.
 */
public final class ErrorTable {
  /**
   * Maps one exception to an HTTP error.
   *
   * @param type the exception
   * @param code its code, which implies the status
   * @param remedy what the user can do
   */
  record Row(Class<? extends LmStudioException> type, ErrorCode code, String remedy) {
    /** Returns whether the same call may succeed later without a change. */
    boolean retryable() {
      return RetryableException.class.isAssignableFrom(type);
    }
  }

  static final List<Row> ROWS =
      List.of(
          new Row(
              ConnectionException.class,
              ErrorCode.UPSTREAM_UNREACHABLE,
              "Start LM Studio's server, or correct `lm-studio.base-url`."),
          new Row(
              TimeoutException.class,
              ErrorCode.UPSTREAM_TIMEOUT,
              "Retry when the model is loaded, or raise the limit that `limit()` names."),
          new Row(
              RateLimitedException.class,
              ErrorCode.RATE_LIMITED,
              "Wait for `retryAfter()` (over HTTP: `Retry-After`), then retry."),
          new Row(
              OverloadedException.class,
              ErrorCode.OVERLOADED,
              "Nothing was sent. Wait for `retryAfter()`, then retry, or raise this server's "
                  + "limit."),
          new Row(
              ServerException.class,
              ErrorCode.UPSTREAM_ERROR,
              "Check LM Studio's log, then retry. After a crash, load the model again."),
          new Row(
              StreamingException.class,
              ErrorCode.UPSTREAM_ERROR,
              "Retry. Text that was streamed before the break stays valid."),
          new Row(
              ValidationException.class,
              ErrorCode.VALIDATION_FAILED,
              "Correct the fields that `faults()` names (over HTTP: `details`)."),
          new Row(
              AuthenticationException.class,
              ErrorCode.UPSTREAM_AUTH_FAILED,
              "Set `lm-studio.api-key` to an API token that this LM Studio accepts."),
          new Row(
              ModelNotFoundException.class,
              ErrorCode.MODEL_NOT_FOUND,
              "Choose a model from the model list."),
          new Row(
              ModelNotLoadedException.class,
              ErrorCode.MODEL_NOT_LOADED,
              "Load a model in LM Studio, or let LM Studio load models on demand."),
          new Row(
              ContextOverflowException.class,
              ErrorCode.CONTEXT_OVERFLOW,
              "Shorten the chat or ask for fewer tokens (`tokens()`, `limit()`), or load the model"
                  + " with more context."),
          new Row(
              FeatureUnavailableException.class,
              ErrorCode.FEATURE_UNAVAILABLE,
              "Enable the feature, or use a version of LM Studio that has it."),
          new Row(
              UnsupportedVersionException.class,
              ErrorCode.UNSUPPORTED_VERSION,
              "Update LM Studio to 0.2.18 or later."),
          new Row(
              HostNotAllowedException.class,
              ErrorCode.HOST_NOT_ALLOWED,
              "Correct the address, or allow it in `lm-studio.allowed-hosts`."),
          new Row(
              ProtocolException.class,
              ErrorCode.UPSTREAM_PROTOCOL_ERROR,
              "Check whether a proxy or another program uses LM Studio's port."),
          new Row(
              AnswerTooLargeException.class,
              ErrorCode.ANSWER_TOO_LARGE,
              "Request a smaller answer: set `max_tokens`, or send fewer texts or a shorter "
                  + "recording."),
          new Row(
              CancelledException.class,
              ErrorCode.CANCELLED,
              "Nothing to do: the caller cancelled the call, or its thread was interrupted."));

  /** Used if LM Studio says that it is too busy, but not for how long. */
  private static final Duration UNSAID_RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * Used if LM Studio cannot be reached. Nobody knows when it comes back; this is how long a
   * circuit breaker stays open by default.
   */
  private static final Duration WHILE_UNREACHABLE = Duration.ofSeconds(5);

  private ErrorTable() {}

  /** Returns the HTTP error for an exception. */
  public static ApiError of(LmStudioException e) {
    return of(Failure.of(e));
  }

  /** Returns the HTTP error for a failure that is stored in a stream's log. */
  public static ApiError of(Failure failure) {
    ErrorCode code =
        ErrorCode.of(failure.code())
            .orElseThrow(() -> new IllegalStateException("No error code " + failure.code()));
    ApiError error =
        ApiError.of(code, failure.message(), SettingNames.inServerTerms(failure.hint()))
            .withDetails(
                failure.faults().stream()
                    .map(fault -> new ApiError.Detail(fault.field(), fault.reason()))
                    .toList());
    return failure.retryAfter().or(() -> unsaid(code)).map(error::withRetryAfter).orElse(error);
  }

  private static Optional<Duration> unsaid(ErrorCode code) {
    return switch (code) {
      case RATE_LIMITED -> Optional.of(UNSAID_RETRY_AFTER);
      case UPSTREAM_UNREACHABLE -> Optional.of(WHILE_UNREACHABLE);
      default -> Optional.empty();
    };
  }
}
