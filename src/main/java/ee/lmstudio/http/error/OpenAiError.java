package ee.lmstudio.http.error;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/** Creates errors in OpenAI's format, for all paths below {@code /v1}. */
public final class OpenAiError {
  private OpenAiError() {}

  /** Returns the status in OpenAI's error format, where invalid fields are 400. */
  public static int status(ApiError error) {
    return error.status() == 422 ? 400 : error.status();
  }

  /** Returns {@code {"error":{"message":…,"type":…,"param":…,"code":…}}}. */
  public static JsonObject of(ApiError error) {
    JsonObjectBuilder object =
        JSON.createObjectBuilder().add("message", sentences(error)).add("type", type(error));
    String field = error.details().isEmpty() ? "" : error.details().get(0).field();
    if (field.isEmpty()) {
      object.addNull("param");
    } else {
      object.add("param", field);
    }
    return JSON.createObjectBuilder().add("error", object.add("code", code(error))).build();
  }

  /** Returns the message and the hint as sentences. */
  private static String sentences(ApiError error) {
    String message = error.message();
    String end = message.matches("(?s).*[.!?]") ? " " : ". ";
    return error.hint().isEmpty() ? message : message + end + error.hint();
  }

  private static String type(ApiError error) {
    if (error.code() == ErrorCode.RATE_LIMITED) {
      return "rate_limit_error";
    }
    return error.status() < 500 ? "invalid_request_error" : "server_error";
  }

  private static String code(ApiError error) {
    return switch (error.code()) {
      case UNAUTHENTICATED -> "invalid_api_key";
      case CONTEXT_OVERFLOW -> "context_length_exceeded";
      case RATE_LIMITED -> "rate_limit_exceeded";
      case NOT_FOUND -> "unknown_url";
      default -> error.code().text();
    };
  }
}
