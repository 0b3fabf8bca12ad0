package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds an error that LM Studio, or another server at its address, sent. LM Studio has two shapes
 * of errors, a text and an object, in the same version. Its {@code type} is {@code invalid_request}
 * for nearly everything, so a type counts only if it is one of the known codes.
 *
 * @param text the error message, cleaned and on one line; may be empty
 * @param code such as {@code model_not_found}; empty if there is none
 * @param param the field that is wrong; empty if there is none
 */
record StatedError(String text, String code, String param) {
  private static final int MOST_FAULTS = 5;

  /** LM Studio validates {@code tools} separately, so that its paths begin with an index. */
  private static final Pattern PATH_IN_TOOLS = Pattern.compile("\\[\\d+\\]\\.function\\b.*");

  /** Returns the text, cut to the length that a message may quote. */
  String message() {
    return Redaction.shortened(text);
  }

  /** Returns the error that a body holds under a field; empty if it holds none. */
  static Optional<StatedError> in(JsonObject body, Redaction redaction) {
    JsonValue error = body.get("error");
    if (error instanceof JsonString text) {
      String said = faults(text.getString()).orElse(text.getString());
      return Optional.of(
          of(
              JsonText.string(body, "message").map(more -> joined(more, said)).orElse(said),
              redaction));
    }
    return error instanceof JsonObject object ? of(object, redaction) : Optional.empty();
  }

  /** Returns the error in a body whose status is an error, in any known shape. */
  static Optional<StatedError> anywhere(JsonValue body, Redaction redaction) {
    return switch (body) {
      case JsonArray all when !all.isEmpty() && !(all.get(0) instanceof JsonArray) ->
          anywhere(all.get(0), redaction);
      case JsonString text when !text.getString().isBlank() ->
          Optional.of(of(text.getString(), redaction));
      case JsonObject object ->
          in(object, redaction)
              .or(() -> of(object, redaction))
              .or(() -> detail(object).map(text -> of(text, redaction)))
              .or(
                  () ->
                      Optional.ofNullable(object.get("errors"))
                          .flatMap(all -> anywhere(all, redaction)));
      default -> Optional.empty();
    };
  }

  private static StatedError of(String text, Redaction redaction) {
    return new StatedError(redaction.line(text), "", "");
  }

  /** Returns the error in this object; empty if it has neither message nor code. */
  static Optional<StatedError> of(JsonObject error, Redaction redaction) {
    Optional<String> message =
        JsonText.string(error, "message").or(() -> JsonText.string(error, "msg"));
    Optional<String> code = JsonText.string(error, "code").or(() -> JsonText.string(error, "type"));
    if (message.isEmpty() && JsonText.string(error, "code").isEmpty()) {
      return Optional.empty();
    }
    String text = message.orElse("");
    return Optional.of(
        new StatedError(
            redaction.line(faults(text).orElse(text)),
            code.orElse(""),
            redaction.clean(JsonText.string(error, "param").orElse(""))));
  }

  /**
   * Joins both texts, because some gateways put the reason into {@code error} and the explanation
   * into {@code message}.
   */
  private static String joined(String message, String error) {
    return message.isBlank() || message.equals(error) ? error : message + " (" + error + ")";
  }

  /** Returns the text of {@code detail}, which is a text or a list of faults with their places. */
  private static Optional<String> detail(JsonObject body) {
    Optional<String> text = JsonText.string(body, "detail");
    return text.isPresent() || !(body.get("detail") instanceof JsonArray all)
        ? text
        : faults(all, "loc", "msg");
  }

  /** Returns the faults in a text that is a JSON list, which validators for JavaScript produce. */
  private static Optional<String> faults(String text) {
    return text.stripLeading().startsWith("[")
        ? JsonText.read(text)
            .filter(JsonArray.class::isInstance)
            .flatMap(all -> faults((JsonArray) all, "path", "message"))
        : Optional.empty();
  }

  private static Optional<String> faults(JsonArray all, String path, String message) {
    List<String> texts =
        all.stream()
            .filter(JsonObject.class::isInstance)
            .limit(MOST_FAULTS)
            .map(JsonValue::asJsonObject)
            .flatMap(
                fault ->
                    JsonText.string(fault, message)
                        .map(
                            said ->
                                fault.get(path) instanceof JsonArray place
                                    ? place(place) + ": " + said
                                    : said)
                        .stream())
            .toList();
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", texts));
  }

  /**
   * Returns a path as text: {@code ["body","messages",0]} becomes messages.0, and {@code
   * [13,"function"]} becomes tools[13].function.
   */
  private static String place(JsonArray path) {
    if (!path.isEmpty() && path.get(0) instanceof JsonNumber) {
      String written =
          path.stream()
              .map(
                  step ->
                      step instanceof JsonString name ? "." + name.getString() : "[" + step + "]")
              .collect(Collectors.joining());
      return PATH_IN_TOOLS.matcher(written).matches() ? "tools" + written : written;
    }
    return path.stream()
        .map(step -> step instanceof JsonString name ? name.getString() : step.toString())
        .filter(step -> !step.equals("body"))
        .collect(Collectors.joining("."));
  }
}
