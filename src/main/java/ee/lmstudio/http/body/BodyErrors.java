package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorCode;
import java.time.Duration;

/** The errors of bodies that are not read to their end. */
final class BodyErrors {
  private static final Duration SOON = Duration.ofSeconds(1);

  private BodyErrors() {}

  /** Returns the error for a body that has not arrived within the time limit. */
  static ApiError tooLate(Duration limit, long bytes) {
    return ApiError.of(
        ErrorCode.REQUEST_TIMEOUT,
        "The request body did not arrive within "
            + limit.toMillis()
            + " ms ("
            + bytes
            + " bytes arrived).",
        "Send the body faster, or ask the operator to raise lm-studio.body-timeout.");
  }

  /** Returns the error for a body that arrives more slowly than the minimum rate. */
  static ApiError tooSlow(long bytesPerSecond, long bytes) {
    return ApiError.of(
        ErrorCode.REQUEST_TIMEOUT,
        "The request body arrives too slowly (minimum "
            + bytesPerSecond
            + " bytes a second on average; "
            + bytes
            + " bytes arrived).",
        "Send the whole body without pauses.");
  }

  /** Returns the error for a body that has malformed chunks, or that ends too early. */
  static ApiError broken() {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        "The request body does not match the headers.",
        "Send exactly as many bytes as Content-Length says, or all chunks including the empty"
            + " last one.");
  }

  /** Returns the error for a form whose request offers another protocol. */
  static ApiError formWithUpgrade() {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        "A form cannot be sent with an Upgrade header.",
        "Send the form over HTTP/1.1 without an Upgrade header.");
  }

  /** Returns the error for a body of a stranger whose place is needed for a newer one. */
  static ApiError crowdedOut() {
    return ApiError.of(
            ErrorCode.OVERLOADED,
            "Too many clients that are not signed in are sending requests.",
            "Try again, and send the whole request at once.")
        .withRetryAfter(SOON);
  }

  /** Returns the error for a caller who already has the maximum number of unfinished bodies. */
  static ApiError tooManyUnfinished(int limit) {
    return ApiError.of(
            ErrorCode.RATE_LIMITED,
            "You have too many requests whose bodies have not arrived completely (limit "
                + limit
                + ").",
            "Wait until one of them has arrived, or ask the operator to raise"
                + " lm-studio.max-unfinished-bodies.")
        .withRetryAfter(SOON);
  }

  /** Returns the error for a body that does not fit into the caller's share of the memory. */
  static ApiError noMemory() {
    return ApiError.of(
            ErrorCode.OVERLOADED,
            "The bodies of your requests take more memory than one caller may use at the moment.",
            "Send fewer or smaller requests at the same time.")
        .withRetryAfter(SOON);
  }

  /** Returns the error for a body that cannot be kept in a temporary file. */
  static ApiError noDisk() {
    return ApiError.of(
            ErrorCode.OVERLOADED,
            "This server has no room on its disk for the request body: your requests take more than"
                + " one caller may use at the moment, or the disk is full.",
            "Send fewer files at the same time. If this does not help, ask the operator to look at"
                + " the server's log.")
        .withRetryAfter(SOON);
  }

  /** Returns the error for a body that arrived, but was not processed within the time limit. */
  static ApiError notProcessed() {
    return ApiError.of(
            ErrorCode.OVERLOADED,
            "The server was too busy to process the request body in time.",
            "Try again in a moment.")
        .withRetryAfter(SOON);
  }

  /** A form was sent as {@code multipart/…}. */
  static ApiError multipart() {
    return ApiError.of(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        "This path does not accept a body with parts (multipart)",
        "Send the form as application/x-www-form-urlencoded.");
  }
}
