package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * An error in LM Studio's words. It has two shapes for them, a text and an object, in the same
 * version; and its {@code type} says {@code invalid_request} of nearly everything, so only code and
 * text count.
 *
 * @param message cleaned, may be empty
 * @param code such as {@code model_not_found}; empty if there is none
 * @param param the field that is wrong; empty if there is none
 */
record StatedError(String message, String code, String param) {
  /** The error that a body holds under {@code error}; empty if it holds none. */
  static Optional<StatedError> in(JsonObject body, Redaction redaction) {
    JsonValue error = body.get("error");
    if (error instanceof JsonString text) {
      return Optional.of(new StatedError(redaction.clean(text.getString()), "", ""));
    }
    return error instanceof JsonObject object ? of(object, redaction) : Optional.empty();
  }

  /** The error that this object is; empty if it has neither message nor code. */
  static Optional<StatedError> of(JsonObject error, Redaction redaction) {
    Optional<String> message = JsonText.string(error, "message");
    Optional<String> code = JsonText.string(error, "code");
    if (message.isEmpty() && code.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StatedError(
            redaction.clean(message.orElse("")),
            code.orElse(""),
            redaction.clean(JsonText.string(error, "param").orElse(""))));
  }

  /** The exception that code or text stand for, whatever the status; empty if neither is known. */
  Optional<LmStudioException> recognised(int status) {
    String text = message.toLowerCase(Locale.ROOT);
    if (code.equals("model_not_found")
        || text.contains("invalid model identifier")
        || (text.contains("model") && text.contains("not found"))) {
      return Optional.of(
          new ModelNotFoundException(
              "LM Studio has no such model: " + message,
              "Choose one of the models that are listed.",
              null));
    }
    if (code.equals("context_length_exceeded")
        || text.contains("when context the overflows")
        || text.contains("greater than the context length")
        || text.contains("context size has been exceeded")
        || text.contains("context length exceeded")) {
      return Optional.of(
          new ContextOverflowException(
              "Prompt and answer do not fit the model's context: " + message,
              "Shorten the chat, ask for fewer tokens, or load the model with more context."));
    }
    if (text.contains("no models loaded") || code.equals("model_not_loaded")) {
      return Optional.of(
          new ModelNotLoadedException(
              "LM Studio has no model loaded: " + message,
              "Load a model in LM Studio, or allow it to load models on demand.",
              null));
    }
    if (code.equals("invalid_api_key") || text.contains("lm studio api token")) {
      return Optional.of(authentication("LM Studio refused the API token: " + message));
    }
    if (text.contains("unexpected endpoint or method")) {
      return Optional.of(
          new FeatureUnavailableException(
              "LM Studio does not know this endpoint: " + message,
              "Update LM Studio, or check that the base URL leads to it.",
              null));
    }
    if (text.contains("model has crashed") || text.contains("model crashed")) {
      return Optional.of(
          new ServerException(
              status,
              "LM Studio's model crashed: " + message,
              "Load the model again in LM Studio; if it crashes again, try a smaller one."));
    }
    return Optional.empty();
  }

  static AuthenticationException authentication(String message) {
    return new AuthenticationException(
        message, "Set lm-studio.api-key to an API token of this LM Studio.", null);
  }
}
