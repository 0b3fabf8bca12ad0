package ee.lmstudio.http.request;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.run.Quota;
import ee.lmstudio.run.RunRequest;
import ee.lmstudio.run.Runs;
import ee.lmstudio.run.StartedRun;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;

/** The header {@code Idempotency-Key}, with which a client can safely repeat a request. */
public final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final String REPLAY = "Idempotent-Replay";
  private static final int MOST = 255;

  private IdempotencyKey() {}

  /**
   * Starts a run, or finds the one that an earlier request with the same key has started. In the
   * second case, sets the header {@code Idempotent-Replay}. In any case, sets the {@code RateLimit}
   * headers if there is a limit.
   *
   * @param query the query that belongs to the request, with its question mark; empty if the query
   *     has no effect
   * @param body the whole body of the request
   * @throws ApiException {@code validation_failed} if the key is not 1 to 255 visible ASCII
   *     characters, or the header occurs more than once; {@code idempotency_conflict} if the key
   *     was used for another request
   */
  public static StartedRun start(
      Runs runs,
      RunRequest wanted,
      String query,
      JsonObject body,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      return startOrFind(runs, wanted, query, body, request, response);
    } finally {
      runs.quota(wanted.owner()).ifPresent(quota -> set(quota, response));
    }
  }

  private static void set(Quota quota, HttpServletResponse response) {
    response.setIntHeader("RateLimit-Limit", quota.limit());
    response.setIntHeader("RateLimit-Remaining", quota.remaining());
    long seconds = quota.full().plusMillis(999).toSeconds();
    response.setHeader("RateLimit-Reset", Long.toString(seconds));
  }

  private static StartedRun startOrFind(
      Runs runs,
      RunRequest wanted,
      String query,
      JsonObject body,
      HttpServletRequest request,
      HttpServletResponse response) {
    List<String> keys = Collections.list(request.getHeaders(HEADER));
    if (keys.isEmpty()) {
      return new StartedRun(runs.start(wanted), false);
    }
    StartedRun started =
        runs.startOnce(checked(keys), RouteTable.path(request) + query, body, wanted)
            .orElseThrow(IdempotencyKey::conflict);
    if (started.replayed()) {
      response.setHeader(REPLAY, "true");
    }
    return started;
  }

  private static String checked(List<String> keys) {
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
    return key;
  }

  private static ApiException conflict() {
    return new ApiException(
        ApiError.of(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            "You have already used this Idempotency-Key for another request.",
            "Send the same request again, or use a new key for the new request."));
  }
}
