package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * An error in LM Studio's words. It has two shapes for them, a text and an object, in the same
 * version; and its {@code type} says {@code invalid_request} of nearly everything, so only code and
 * text count, and a type only where it is one of the codes.
 *
 * @param text what it says, cleaned and on one line; may be empty
 * @param code such as {@code model_not_found}; empty if there is none
 * @param param the field that is wrong; empty if there is none
 */
record StatedError(String text, String code, String param) {
  /** The text, as short as a message of ours may quote it. */
  String message() {
    return Redaction.shortened(text);
  }

  /** The error that a body holds under {@code error}; empty if it holds none. */
  static Optional<StatedError> in(JsonObject body, Redaction redaction) {
    JsonValue error = body.get("error");
    if (error instanceof JsonString text) {
      return Optional.of(new StatedError(redaction.line(text.getString()), "", ""));
    }
    return error instanceof JsonObject object ? of(object, redaction) : Optional.empty();
  }

  /** The error that this object is; empty if it has neither message nor code. */
  static Optional<StatedError> of(JsonObject error, Redaction redaction) {
    Optional<String> message = JsonText.string(error, "message");
    Optional<String> code = JsonText.string(error, "code").or(() -> JsonText.string(error, "type"));
    if (message.isEmpty() && JsonText.string(error, "code").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StatedError(
            redaction.line(message.orElse("")),
            code.orElse(""),
            redaction.clean(JsonText.string(error, "param").orElse(""))));
  }

  static AuthenticationException authentication(String message) {
    return new AuthenticationException(
        message, "Set lm-studio.api-key to an API token of this LM Studio.", null);
  }
}
