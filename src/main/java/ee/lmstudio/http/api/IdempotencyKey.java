package ee.lmstudio.http.api;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** Reads the header {@code Idempotency-Key}, with which a client can safely repeat a request. */
final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final int MOST = 255;

  private IdempotencyKey() {}

  /**
   * Returns the key of a request; empty if the request has none.
   *
   * @throws ApiException {@code validation_failed} if the key is not 1 to 255 visible ASCII
   *     characters, or the header occurs more than once
   */
  static Optional<String> of(HttpHeaders headers) {
    List<String> keys = headers.getRequestHeader(HEADER);
    if (keys == null || keys.isEmpty()) {
      return Optional.empty();
    }
    String key = keys.get(0);
    boolean valid =
        keys.size() == 1
            && !key.isEmpty()
            && key.length() <= MOST
            && key.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!valid) {
      throw ApiException.wrongFields(
          List.of(
              new Detail(
                  HEADER,
                  "must be one header with 1 to %d visible ASCII characters".formatted(MOST))),
          0);
    }
    return Optional.of(key);
  }

  /** Returns the exception for a key that was used for another request. */
  static ApiException conflict() {
    return new ApiException(
        ApiError.of(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            "You have already used this Idempotency-Key for a request with another body.",
            "Send the same body again, or use a new key for the new request."));
  }
}
