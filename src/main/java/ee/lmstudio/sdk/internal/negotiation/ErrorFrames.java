package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Recognizes errors in a stream of status 200, in every shape that servers give them. */
final class ErrorFrames {
  private static final List<String> STATUS_FIELDS =
      List.of("status", "status_code", "statusCode", "http_status", "code");

  private static final Set<String> RATE_LIMITS =
      Set.of("rate_limit_exceeded", "resource_exhausted", "too_many_requests", "429");

  /** What a server names in {@code type} when it only says that it is alive. */
  private static final Set<String> SIGNS_OF_LIFE =
      Set.of("ping", "pong", "heartbeat", "keepalive", "progress", "status", "info");

  private final ErrorAnswers errors;

  ErrorFrames(ErrorAnswers errors) {
    this.errors = errors;
  }

  /** Returns the error that this value is. The status counts that the value itself names. */
  LmStudioException of(JsonValue value) {
    JsonValue frame = value instanceof JsonArray list && !list.isEmpty() ? list.get(0) : value;
    if (!(frame instanceof JsonObject object)) {
      return errors.ofFrame(frame);
    }
    JsonObject shown = withoutAnswer(object);
    OptionalInt status = status(shown);
    if (status.isEmpty()) {
      return errors.ofFrame(shown);
    }
    byte[] body = shown.toString().getBytes(UTF_8);
    return errors.of(new HttpAnswer(status.getAsInt(), new MultivaluedHashMap<>(), body, false));
  }

  /** Returns the error that this text is, which need not be JSON. */
  LmStudioException of(String text) {
    return of(JsonText.read(text).orElseGet(() -> JSON.createValue(text)));
  }

  /** Returns the error that this text is, which may be JSON that was cut. */
  LmStudioException ofCut(String text) {
    String cut = text.strip();
    // JSON that cannot be closed is not quoted: a piece of an answer may be in it.
    String words = cut.startsWith("{") ? "an error whose text was cut" : cut;
    return JsonExtent.closed(cut).flatMap(JsonText::read).map(this::of).orElseGet(() -> of(words));
  }

  /** Whether a text that may be cut begins as JSON with an error, or as an error in words. */
  static boolean beginsAsError(String text) {
    int at = 0;
    while (at < text.length() && "{[ \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.startsWith("\"error\"", at) || isErrorInWords(text);
  }

  /** Whether this value is an object with an error in it, or a list of those. */
  static boolean states(JsonValue value) {
    return switch (value) {
      case JsonArray list -> !list.isEmpty() && states(list.get(0));
      case JsonObject object -> !JsonText.isAbsent(object, "error");
      default -> false;
    };
  }

  /**
   * Whether an object without {@code choices} states an error without a field {@code error}: {@code
   * message} or {@code detail} say what is wrong.
   */
  static boolean statesFlat(JsonObject object) {
    Optional<String> kind = JsonText.string(object, "object");
    if (kind.isPresent()) {
      return kind.get().equals("error");
    }
    boolean says =
        JsonText.string(object, "message").isPresent() || !JsonText.isAbsent(object, "detail");
    return says && !SIGNS_OF_LIFE.contains(plain(JsonText.string(object, "type").orElse("")));
  }

  private static String plain(String type) {
    return type.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }

  /** Whether data that is not JSON is an error in words. */
  static boolean isErrorInWords(String data) {
    String text = data.stripLeading();
    int from = text.startsWith("[") ? 1 : 0;
    return text.regionMatches(true, from, "error", 0, "error".length());
  }

  /** A piece of an answer is never quoted in the message of an error. */
  private static JsonObject withoutAnswer(JsonObject frame) {
    return frame.containsKey("choices") ? JsonText.without(frame, Set.of("choices")) : frame;
  }

  /** The status by which an error maps. 404 is left out: the endpoint of a stream exists. */
  private static OptionalInt status(JsonObject frame) {
    return Stream.of(JsonText.object(frame, "error"), frame)
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
