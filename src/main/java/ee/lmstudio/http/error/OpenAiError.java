package ee.lmstudio.http.error;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** Creates errors in OpenAI's format, for all paths below {@code /v1}. */
public final class OpenAiError {
  /** Maximum number of wrong fields that a message names. The format has no list for them. */
  private static final int NAMED = 3;

  /** Maximum length of the text about one field, in characters. */
  private static final int LONGEST = 300;

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
    if (error.details().size() > 1) {
      return sentences(
          error.message() + "; " + furtherFields(error.details()),
          "Correct all wrong fields, and send the request again.");
    }
    return sentences(error.message(), error.hint());
  }

  private static String sentences(String message, String hint) {
    String end = message.matches("(?s).*[.!?]") ? " " : ". ";
    return hint.isEmpty() ? message : message + end + hint;
  }

  /** Returns a text about the next wrong fields. The message already names the first one. */
  private static String furtherFields(List<ApiError.Detail> details) {
    List<String> next =
        details.stream().skip(1).limit(NAMED - 1L).map(detail -> shortened(detail.text())).toList();
    return (next.size() == 1 ? "the second is " : "the next are ") + String.join("; ", next);
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "…";
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
