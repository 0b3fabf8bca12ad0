package ee.lmstudio.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final ApiError WRONG =
      ApiError.of(ErrorCode.VALIDATION_FAILED, "One field is wrong.", "Correct it.")
          .withDetails(List.of(new ApiError.Detail("messages[0].role", "unknown \"x\"")));

  @Test
  void success_hasDataAndMeta() {
    assertThat(
            Envelope.success(
                Json.createArrayBuilder().add(1).build(),
                "r1",
                Json.createObjectBuilder(Map.of("stale", true)).build()))
        .hasToString(
            "{\"status\":\"success\",\"data\":[1],\"meta\":{\"request_id\":\"r1\",\"stale\":true}}");
    assertThat(Envelope.success(Json.createValue(1), "r1"))
        .hasToString("{\"status\":\"success\",\"data\":1,\"meta\":{\"request_id\":\"r1\"}}");
  }

  @Test
  void error_hasDetailsOnlyIfThereAreAny() {
    assertThat(Envelope.error(WRONG, "r1"))
        .hasToString(
            "{\"status\":\"error\",\"error\":{\"code\":\"validation_failed\",\"message\":\"One"
                + " field is wrong.\",\"hint\":\"Correct"
                + " it.\",\"details\":[{\"field\":\"messages[0].role\",\"message\":\"unknown"
                + " \\\"x\\\"\"}]},\"meta\":{\"request_id\":\"r1\"}}");
    assertThat(Envelope.error(ApiError.of(ErrorCode.NOT_FOUND, "m", "h"), "r1").toString())
        .doesNotContain("details");
  }

  @Test
  void openAiError_usesOpenAisStatusAndCodes() {
    assertThat(OpenAiError.status(WRONG)).isEqualTo(400);
    assertThat(OpenAiError.of(WRONG).getJsonObject("error").getString("param"))
        .isEqualTo("messages[0].role");
    assertThat(openAiCode(ErrorCode.UNAUTHENTICATED)).isEqualTo("invalid_api_key");
    assertThat(openAiCode(ErrorCode.CONTEXT_OVERFLOW)).isEqualTo("context_length_exceeded");
    assertThat(openAiCode(ErrorCode.MODEL_NOT_FOUND)).isEqualTo("model_not_found");
    assertThat(openAiCode(ErrorCode.NOT_FOUND)).isEqualTo("unknown_url");
  }

  /** OpenAI's format has no details, so the message must not refer to them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | f0: is wrong. Correct this field, and send the request again.
          2 | 2 fields are wrong; the first is f0: is wrong; the second is f1: is wrong. HINT
          3 | 3 fields are wrong; the first is f0: is wrong; the next are f1: is wrong; f2: is wrong. HINT
          9 | 9 fields are wrong; the first is f0: is wrong; the next are f1: is wrong; f2: is wrong. HINT
          """)
  void openAiError_namesTheFirstWrongFieldsItself(int count, String message) {
    ApiError error =
        ApiException.wrongFields(
                IntStream.range(0, count)
                    .mapToObj(i -> new ApiError.Detail("f" + i, "is wrong"))
                    .toList(),
                0)
            .error();
    String hint = "Correct all wrong fields, and send the request again.";
    assertThat(openAiMessage(error)).isEqualTo(message.replace("HINT", hint));
  }

  @Test
  void openAiError_withLongFieldsIsShort() {
    ApiError.Detail wrong = new ApiError.Detail("f", "is \uD83D\uDE00".repeat(10_000));
    List<ApiError.Detail> details = List.of(new ApiError.Detail("", "is wrong"), wrong, wrong);
    String message = openAiMessage(ApiException.wrongFields(details, 7).error());
    assertThat(message)
        .hasSizeLessThan(1000)
        .startsWith("10 fields are wrong; the first is The body is wrong; the next are f: is ")
        .doesNotContain("details");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
  }

  private static String openAiMessage(ApiError error) {
    return OpenAiError.of(error).getJsonObject("error").getString("message");
  }

  private static String openAiCode(ErrorCode code) {
    return OpenAiError.of(ApiError.of(code, "m", "h")).getJsonObject("error").getString("code");
  }

  /** The table of the HTTP contract. */
  @ParameterizedTest
  @CsvSource({
    "malformed_json, 400",
    "validation_failed, 422",
    "unauthenticated, 401",
    "forbidden, 403",
    "feature_disabled, 503",
    "not_configured, 503",
    "not_found, 404",
    "stream_not_found, 404",
    "model_not_found, 404",
    "method_not_allowed, 405",
    "not_acceptable, 406",
    "unsupported_media_type, 415",
    "payload_too_large, 413",
    "context_overflow, 422",
    "answer_too_large, 502",
    "idempotency_conflict, 409",
    "model_not_loaded, 409",
    "rate_limited, 429",
    "overloaded, 503",
    "feature_unavailable, 501",
    "unsupported_version, 502",
    "upstream_unreachable, 502",
    "upstream_auth_failed, 502",
    "upstream_error, 502",
    "upstream_protocol_error, 502",
    "upstream_timeout, 504",
    "host_not_allowed, 502",
    "internal_error, 500",
  })
  void code_hasItsStatus(String text, int status) {
    assertThat(ErrorCode.of(text)).get().extracting(ErrorCode::status).isEqualTo(status);
  }

  @Test
  void unknownCode_isNone() {
    assertThat(ErrorCode.of("nonsense")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "1000, 1", "1001, 2", "60000, 60"})
  void retryAfter_isRoundedUpToSeconds(long millis, String seconds) {
    assertThat(WRONG.withRetryAfter(Duration.ofMillis(millis)).retryAfterSeconds())
        .contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "A-Z_0.9", "x23456789012345678901234567890123456789012345678901234567890123"})
  void safeRequestId_isAccepted(String id) {
    assertThat(RequestId.accept(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\n", "\u00e4", "a/b"})
  void unsafeRequestId_isReplaced(String id) {
    assertThat(RequestId.accept(id)).isNotEqualTo(id).matches("[A-Za-z0-9._-]{1,64}");
    assertThat(RequestId.accept("x".repeat(65))).hasSizeLessThan(65);
    assertThat(RequestId.accept(null)).isNotBlank();
  }
}
