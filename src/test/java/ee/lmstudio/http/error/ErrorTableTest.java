package ee.lmstudio.http.error;

import static org.assertj.core.api.Assertions.assertThat;

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
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.error.ValidationException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTableTest {
  private static Arguments row(LmStudioException exception, int status, String code) {
    return Arguments.of(exception, status, code);
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        row(new ConnectionException("m", "h", null), 502, "upstream_unreachable"),
        row(
            new TimeoutException(TimeoutException.Limit.IDLE, Duration.ofSeconds(1), "h"),
            504,
            "upstream_timeout"),
        row(new AuthenticationException("m", "h", null), 502, "upstream_auth_failed"),
        row(new RateLimitedException("m", "h", null), 429, "rate_limited"),
        row(new OverloadedException("m", "h", Duration.ofSeconds(1)), 503, "overloaded"),
        row(new ValidationException("m", "h", List.of()), 422, "validation_failed"),
        row(new ModelNotFoundException("m", "h", null), 404, "model_not_found"),
        row(new ModelNotLoadedException("m", "h", null), 409, "model_not_loaded"),
        row(
            new ContextOverflowException("m", "h", OptionalInt.of(5), OptionalInt.of(4)),
            422,
            "context_overflow"),
        row(new StreamingException("m", "h", null), 502, "upstream_error"),
        row(new FeatureUnavailableException("m", "h", null), 501, "feature_unavailable"),
        row(new UnsupportedVersionException("m", "h", null), 502, "unsupported_version"),
        row(new HostNotAllowedException("m", "h", null), 502, "host_not_allowed"),
        row(new ProtocolException("m", "h", null), 502, "upstream_protocol_error"),
        row(new AnswerTooLargeException("m", "h", null), 502, "answer_too_large"),
        row(new CancelledException("m", "h", null), 409, "cancelled"),
        row(new ServerException(503, "m", "h"), 502, "upstream_error"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void exception_hasItsStatusAndCode(LmStudioException exception, int status, String code) {
    ApiError error = ErrorTable.of(exception);
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.code().text()).isEqualTo(code).isEqualTo(exception.code());
    assertThat(error.message()).isEqualTo(exception.getMessage());
    assertThat(error.hint()).isEqualTo("h");
  }

  @Test
  void rateLimited_alwaysSaysWhenToAskAgain() {
    assertThat(ErrorTable.of(new RateLimitedException("m", "h", null)).retryAfterSeconds())
        .hasValue("1");
    assertThat(
            ErrorTable.of(new RateLimitedException("m", "h", Duration.ofSeconds(7)))
                .retryAfterSeconds())
        .hasValue("7");
    assertThat(
            ErrorTable.of(new OverloadedException("m", "h", Duration.ofSeconds(2)))
                .retryAfterSeconds())
        .hasValue("2");
  }

  @Test
  void validation_namesTheFields() {
    assertThat(ErrorTable.of(ValidationException.of("model", "is missing")).details())
        .containsExactly(new ApiError.Detail("model", "is missing"));
  }

  @Test
  void unreachableMachine_saysWhenToRetry() {
    assertThat(ErrorTable.of(new ConnectionException("m", "h", null)).retryAfterSeconds())
        .contains("5");
    assertThat(
            ErrorTable.of(new ConnectionException("m", "h", null, Duration.ofSeconds(2)))
                .retryAfterSeconds())
        .contains("2");
    assertThat(ErrorTable.of(new AuthenticationException("m", "h", null)).retryAfter()).isEmpty();
  }
}
