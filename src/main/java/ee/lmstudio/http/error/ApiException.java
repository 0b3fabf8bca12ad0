package ee.lmstudio.http.error;

import java.util.List;

/** Thrown if a request is refused; holds the error to answer. */
public final class ApiException extends RuntimeException {
  private final transient ApiError error;

  public ApiException(ApiError error) {
    super(error.message());
    this.error = error;
  }

  /** Returns the error to answer. */
  public ApiError error() {
    return error;
  }

  /** Returns the exception for a body that is not JSON, or exceeds a limit of this server. */
  public static ApiException malformed(String what) {
    return new ApiException(
        ApiError.of(ErrorCode.MALFORMED_JSON, what, "Send one JSON object in UTF-8."));
  }

  /**
   * Returns the exception for a body with invalid fields.
   *
   * @param details the first invalid fields, at least one
   * @param unlisted number of further invalid fields
   */
  public static ApiException wrongFields(List<ApiError.Detail> details, int unlisted) {
    String message = details.get(0).text();
    String hint = "Correct this field, and send the request again.";
    if (details.size() > 1) {
      message =
          "%d fields are wrong; the first is %s".formatted(details.size() + unlisted, message);
      String others = unlisted == 0 ? "" : " and %d more that it does not list".formatted(unlisted);
      hint = "Correct the fields that details lists%s, and send the request again.";
      hint = hint.formatted(others);
    }
    return new ApiException(
        ApiError.of(ErrorCode.VALIDATION_FAILED, message, hint).withDetails(details));
  }

  /** Returns the exception for a body of more than {@code limit} bytes. */
  public static ApiException tooLarge(int limit, String hint) {
    return new ApiException(
        ApiError.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The request body is larger than " + limit + " bytes.",
            hint));
  }

  /**
   * Returns the exception for a body of another type.
   *
   * @param type the {@code Content-Type} of the request; null if it has none
   * @param wanted the type that the path accepts
   */
  public static ApiException unsupportedType(Object type, String wanted) {
    return new ApiException(
        ApiError.of(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            type == null ? "The request has no Content-Type." : "The Content-Type is " + type + ".",
            "Send " + wanted + "."));
  }

  /** Returns the exception for a stream that does not exist, or that belongs to another caller. */
  public static ApiException streamNotFound() {
    return new ApiException(
        ApiError.of(
            ErrorCode.STREAM_NOT_FOUND,
            "You have no stream with this id.",
            "The stream may have expired, or the server was restarted. Start a new stream."));
  }

  /**
   * Returns the exception for an {@code Accept} header that allows none of the possible answers.
   */
  public static ApiException notAcceptable(String allowed) {
    return new ApiException(
        ApiError.of(
            ErrorCode.NOT_ACCEPTABLE,
            "The Accept header allows none of the media types that this path can answer with.",
            "Accept " + allowed + "."));
  }
}
