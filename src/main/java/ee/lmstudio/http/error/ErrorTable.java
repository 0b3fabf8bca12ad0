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

/**
 * The SDK's exceptions as errors of the HTTP contract: one row an exception. {@code
 * docs/reference/errors.md} is this table.
 */
public final class ErrorTable {
  /**
   * What an exception is over HTTP.
   *
   * @param type the exception
   * @param code its code, which has the status
   * @param remedy what to do
   */
  record Row(Class<? extends LmStudioException> type, ErrorCode code, String remedy) {
    /** Whether the same call may work later, unchanged. */
    boolean retryable() {
      return RetryableException.class.isAssignableFrom(type);
    }
  }

  static final List<Row> ROWS =
      List.of(
          new Row(
              ConnectionException.class,
              ErrorCode.UPSTREAM_UNREACHABLE,
              "Start LM Studio's server, or correct `lm-studio.base-url`; `doctor` looks for"
                  + " both."),
          new Row(
              TimeoutException.class,
              ErrorCode.UPSTREAM_TIMEOUT,
              "Ask again when the model is loaded, or raise the limit that `limit()` names."),
          new Row(
              RateLimitedException.class,
              ErrorCode.RATE_LIMITED,
              "Wait `retryAfter()`, which is `Retry-After` over HTTP, and ask again."),
          new Row(
              OverloadedException.class,
              ErrorCode.OVERLOADED,
              "Nothing was sent. Wait `retryAfter()` and ask again, or raise our limit."),
          new Row(
              ServerException.class,
              ErrorCode.UPSTREAM_ERROR,
              "Look into LM Studio's log, then ask again; a model that crashes must be loaded"
                  + " anew."),
          new Row(
              StreamingException.class,
              ErrorCode.UPSTREAM_ERROR,
              "Ask again. Text that came before the break is kept where it was streamed."),
          new Row(
              ValidationException.class,
              ErrorCode.VALIDATION_FAILED,
              "Correct the fields that `faults()` names, which are `details` over HTTP."),
          new Row(
              AuthenticationException.class,
              ErrorCode.UPSTREAM_AUTH_FAILED,
              "Set `lm-studio.api-key` to a token of this LM Studio."),
          new Row(
              ModelNotFoundException.class,
              ErrorCode.MODEL_NOT_FOUND,
              "Choose one of the models that are listed."),
          new Row(
              ModelNotLoadedException.class,
              ErrorCode.MODEL_NOT_LOADED,
              "Load a model in LM Studio, or let it load models on demand."),
          new Row(
              ContextOverflowException.class,
              ErrorCode.CONTEXT_OVERFLOW,
              "Shorten the chat or ask for fewer tokens (`tokens()`, `limit()`), or load the model"
                  + " with more context."),
          new Row(
              FeatureUnavailableException.class,
              ErrorCode.FEATURE_UNAVAILABLE,
              "Switch the feature on, or use an LM Studio that has it."),
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
              "Look for a proxy or another program on LM Studio's port."),
          new Row(
              AnswerTooLargeException.class,
              ErrorCode.ANSWER_TOO_LARGE,
              "Ask for less: `max_tokens`, fewer texts, a shorter recording."),
          new Row(
              CancelledException.class,
              ErrorCode.CANCELLED,
              "Nothing is wrong: the caller, or whoever interrupted its thread, wanted it so."));

  /** Where LM Studio says that it has too much to do, but not for how long. */
  private static final Duration UNSAID_RETRY_AFTER = Duration.ofSeconds(1);

  private ErrorTable() {}

  /** Returns the error that stands for an exception. */
  public static ApiError of(LmStudioException e) {
    return of(Failure.of(e));
  }

  /** Returns the error for a failure that a log holds. */
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
    return code == ErrorCode.RATE_LIMITED
        ? error.withRetryAfter(failure.retryAfter().orElse(UNSAID_RETRY_AFTER))
        : failure.retryAfter().map(error::withRetryAfter).orElse(error);
  }
}
