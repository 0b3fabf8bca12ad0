package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Recognises errors in a stream with status 200, in all shapes that servers use. */
final class ErrorFrames {
  private static final List<String> STATUS_FIELDS =
      List.of("status", "status_code", "statusCode", "http_status", "code");

  private static final Set<String> RATE_LIMITS =
      Set.of("rate_limit_exceeded", "resource_exhausted", "too_many_requests", "429");

  private static final String FIELD = "\"error\"";

  private static final String CUT = "an error whose text was cut";

  /** Matches the name of a lifecycle event of OpenAI's other APIs that reports a failure. */
  private static final Pattern FAILURE =
      Pattern.compile(".*[._](?:error|failed)", Pattern.CASE_INSENSITIVE);

  /** Maximum number of characters of a cut text that are searched for an error. */
  private static final int LOOKED_AT = 64 << 10;

  /** A value may be cut: {@code nu} can only become {@code null}. */
  private static final Pattern NO_ERROR = Pattern.compile("n|f|\"\"|\\{\\s*}|\\[\\s*]");

  /** Values of {@code type} in heartbeats. */
  private static final Set<String> SIGNS_OF_LIFE =
      Set.of("ping", "pong", "heartbeat", "keepalive", "progress", "status", "info");

  private final ErrorAnswers errors;

  ErrorFrames(ErrorAnswers errors) {
    this.errors = errors;
  }

  /** Returns the exception for an error. If the value names a status, that status applies. */
  LmStudioException of(JsonValue value) {
    JsonValue frame = value instanceof JsonArray list && !list.isEmpty() ? list.get(0) : value;
    if (frame instanceof JsonString text && JsonText.readObject(text.getString()).isPresent()) {
      return of(text.getString());
    }
    if (!(frame instanceof JsonObject object)) {
      return errors.ofFrame(frame);
    }
    JsonObject shown = withoutAnswer(object);
    OptionalInt status = status(shown);
    if (status.isEmpty()) {
      return errors.ofFrame(shown);
    }
    return errors.of(status.getAsInt(), shown);
  }

  /**
   * Returns the exception for a chunk that states an error, at its top or within its choice, or
   * that ends the answer with the reason {@code error}.
   */
  LmStudioException of(Chunk chunk) {
    JsonObject whole = chunk.object();
    if (!JsonText.isAbsent(whole, "error")) {
      return of(whole);
    }
    JsonValue error = chunk.error();
    return error == null
        ? of("it ended the answer with finish_reason error")
        : of((JsonValue) JSON.createObjectBuilder().add("error", error).build());
  }

  /** Returns the exception for an event whose name reports a failure. */
  LmStudioException ofEvent(String name, String data) {
    // The data of such an event may also hold the answer so far, which is not quoted.
    return JsonText.readObject(data)
        .flatMap(
            object ->
                Stream.of(object, JsonText.object(object, "response"))
                    .filter(ErrorFrames::states)
                    .findFirst())
        .map(this::of)
        .orElseGet(() -> of("it sent the event " + name));
  }

  /** Returns whether the name of an event reports a failure, such as {@code response.failed}. */
  static boolean isFailure(String eventName) {
    return FAILURE.matcher(eventName).matches();
  }

  /** Returns the exception for an error text, which need not be JSON. */
  LmStudioException of(String text) {
    return of(JsonText.read(text).orElseGet(() -> JSON.createValue(text)));
  }

  /** Returns the exception for an error text, which may be JSON that was cut. */
  LmStudioException ofCut(String text) {
    String cut = text.strip();
    // JSON that cannot be completed is not quoted, because it may contain a piece of an answer.
    String words = cut.startsWith("{") ? CUT : cut;
    return JsonExtent.begun(cut)
        .map(ErrorFrames::withText)
        .map(this::of)
        .orElseGet(() -> of(words));
  }

  /** Adds a text to an error object whose own text was cut off. */
  private static JsonValue withText(JsonValue frame) {
    return frame instanceof JsonObject object
            && object.get("error") instanceof JsonObject error
            && JsonText.string(error, "message").isEmpty()
        ? JSON.createObjectBuilder(object)
            .add("error", JSON.createObjectBuilder(error).add("message", CUT))
            .build()
        : frame;
  }

  /**
   * Returns whether a text, which may be cut, begins as JSON with an error or as an error in words.
   */
  static boolean beginsAsError(String text) {
    int at = 0;
    while (at < text.length() && "{[ \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.startsWith(FIELD, at) && !isEmptyAt(text, at + FIELD.length())
        || isErrorInWords(text)
        || statesBeforeTheCut(text);
  }

  /** Returns whether the fields before the cut state an error, wherever it stands among them. */
  private static boolean statesBeforeTheCut(String text) {
    return JsonExtent.begun(text.substring(0, Math.min(text.length(), LOOKED_AT)).strip())
        .filter(JsonObject.class::isInstance)
        .map(JsonValue::asJsonObject)
        .filter(object -> !object.containsKey("choices"))
        .filter(
            object ->
                !JsonText.isAbsent(object, "error") && !isEmpty(object.get("error"))
                    || JsonText.string(object, "object").filter("error"::equals).isPresent())
        .isPresent();
  }

  /** Some servers send an empty error with every chunk. */
  static boolean isEmpty(JsonValue error) {
    return error == JsonValue.FALSE
        || error.equals(JsonValue.EMPTY_JSON_OBJECT)
        || error.equals(JsonValue.EMPTY_JSON_ARRAY)
        || error.toString().equals("\"\"");
  }

  /** Returns whether the value of a field is a sign of no error, as some servers send it. */
  private static boolean isEmptyAt(String text, int end) {
    String value = text.substring(end).stripLeading();
    value = value.startsWith(":") ? value.substring(1).stripLeading() : "";
    return NO_ERROR.matcher(value).lookingAt();
  }

  /** Returns whether this value is an object with an error, or a list of such objects. */
  static boolean states(JsonValue value) {
    return switch (value) {
      case JsonArray list -> !list.isEmpty() && states(list.get(0));
      case JsonObject object ->
          !JsonText.isAbsent(object, "error")
              || object.get("errors") instanceof JsonArray list && !list.isEmpty();
      case JsonString text -> beginsAsError(text.getString());
      default -> false;
    };
  }

  /**
   * Returns whether an object without {@code choices} is an error without a field {@code error}:
   * its {@code message} or {@code detail} describes the error.
   */
  static boolean statesFlat(JsonObject object) {
    Optional<String> kind = JsonText.string(object, "object");
    if (kind.isPresent()) {
      return kind.get().equals("error");
    }
    boolean says =
        JsonText.string(object, "message").isPresent()
            || !JsonText.isAbsent(object, "detail")
            || JsonText.string(object, "msg").isPresent() && status(object).isPresent();
    return says && !SIGNS_OF_LIFE.contains(plain(JsonText.string(object, "type").orElse("")));
  }

  private static String plain(String type) {
    return type.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }

  /** Returns whether data that is not JSON is an error in words. */
  static boolean isErrorInWords(String data) {
    String text = data.stripLeading();
    int from = text.startsWith("[") ? 1 : 0;
    return text.regionMatches(true, from, "error", 0, "error".length());
  }

  /** Removes pieces of an answer, which an error message must never quote. */
  private static JsonObject withoutAnswer(JsonObject frame) {
    return frame.containsKey("choices") ? JsonText.without(frame, Set.of("choices")) : frame;
  }

  /**
   * Returns the status that decides about the exception. 404 is ignored, because the endpoint of a
   * stream exists.
   */
  private static OptionalInt status(JsonObject frame) {
    return Stream.concat(
            Stream.of(JsonText.object(frame, "error"), frame), JsonText.objects(frame, "errors"))
        .flatMap(object -> STATUS_FIELDS.stream().map(object::get))
        .mapToInt(ErrorFrames::status)
        .filter(status -> status >= 400 && status < 600 && status != 404)
        .findFirst();
  }

  private static int status(JsonValue said) {
    return switch (said) {
      case JsonNumber number when number.isIntegral() -> number.intValue();
      case JsonString name when RATE_LIMITS.contains(name.getString().toLowerCase(Locale.ROOT)) ->
          429;
      case JsonString name when name.getString().matches("[45]\\d\\d") ->
          Integer.parseInt(name.getString());
      case null, default -> 0;
    };
  }
}
