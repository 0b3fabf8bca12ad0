package ee.lmstudio.rest.error;

import ee.lmstudio.envelope.ApiError;
import ee.lmstudio.envelope.ErrorCode;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ValidationException;
import java.time.Duration;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/** The SDK's exceptions as errors of the HTTP contract: the code is the same, it has the status. */
public final class ErrorTable {
  /** Where LM Studio says that it has too much to do, but not for how long. */
  private static final Duration UNSAID_RETRY_AFTER = Duration.ofSeconds(1);

  /** The longest that the circuit breaker stays open by default. */
  private static final Duration BREAKER_RETRY_AFTER = Duration.ofSeconds(5);

  private ErrorTable() {}

  /** The error that stands for an exception. */
  public static ApiError of(LmStudioException e) {
    ApiError error =
        ApiError.of(
            ErrorCode.of(e.code()).orElse(ErrorCode.UPSTREAM_ERROR), e.getMessage(), e.hint());
    return switch (e) {
      case ValidationException wrong ->
          error.withDetails(
              wrong.faults().stream()
                  .map(fault -> new ApiError.Detail(fault.field(), fault.reason()))
                  .toList());
      case RateLimitedException limited ->
          error.withRetryAfter(limited.retryAfter().orElse(UNSAID_RETRY_AFTER));
      // What guards the SDK leaves LM Studio alone for a while.
      case ConnectionException left when left.getCause() instanceof CircuitBreakerOpenException ->
          error.withRetryAfter(BREAKER_RETRY_AFTER);
      case OverloadedException full -> error.withRetryAfter(full.retryAfter());
      default -> error;
    };
  }
}
