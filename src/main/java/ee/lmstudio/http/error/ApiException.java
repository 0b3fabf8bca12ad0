package ee.lmstudio.http.error;

import java.util.List;

/** A request that cannot be done, with the error to answer. */
public final class ApiException extends RuntimeException {
  private final transient ApiError error;

  public ApiException(ApiError error) {
    super(error.message());
    this.error = error;
  }

  /** The error to answer. */
  public ApiError error() {
    return error;
  }

  /** The body is no JSON that we read. */
  public static ApiException malformed(String what) {
    return new ApiException(
        ApiError.of(ErrorCode.MALFORMED_JSON, what, "Send one JSON object in UTF-8."));
  }

  /**
   * Fields of the body are wrong.
   *
   * @param details the first wrong fields, at least one
   * @param unlisted how many more fields are wrong
   */
  public static ApiException wrongFields(List<ApiError.Detail> details, int unlisted) {
    String field = details.get(0).field();
    String first = (field.isEmpty() ? "The body" : field + ":") + " " + details.get(0).message();
    String message = first;
    if (unlisted > 0) {
      message =
          "%d fields are wrong: details lists %d of them, %d more are not listed; the first is %s"
              .formatted(details.size() + unlisted, details.size(), unlisted, first);
    } else if (details.size() > 1) {
      message = "%d fields are wrong; the first is %s".formatted(details.size(), first);
    }
    return new ApiException(
        ApiError.of(
                ErrorCode.VALIDATION_FAILED, message, "Correct what details name and send again.")
            .withDetails(details));
  }

  /** There is no such stream, or it is somebody else's. */
  public static ApiException streamNotFound() {
    return new ApiException(
        ApiError.of(
            ErrorCode.STREAM_NOT_FOUND,
            "There is no stream of yours with this id.",
            "It may have ended long ago, or the server was restarted. Start it again."));
  }

  /** The client accepts nothing that we answer here. */
  public static ApiException notAcceptable(String allowed) {
    return new ApiException(
        ApiError.of(
            ErrorCode.NOT_ACCEPTABLE,
            "The Accept header allows nothing that is answered here.",
            "Accept " + allowed + "."));
  }
}
