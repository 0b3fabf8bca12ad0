package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the JSON of a request like JavaScript: a field of the wrong type is treated as absent. */
final class JsonBody {
  /** The fields that affect how an answer is delivered, but not its text. */
  private static final Set<String> DELIVERY =
      Set.of(
          "model",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "stop",
          "seed",
          "ttl",
          "user");

  /** Maximum number of values and names. Each of them takes up to two hundred bytes of memory. */
  private static final int MAX_VALUES = 400_000;

  /** The simulator reads and writes JSON recursively. Deeper values could end a thread's stack. */
  private static final int MAX_DEPTH = 200;

  private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

  static final JsonBody EMPTY = new JsonBody(JsonValue.EMPTY_JSON_OBJECT);

  private final JsonObject object;

  private JsonBody(JsonObject object) {
    this.object = object;
  }

  /**
   * Returns the body as an object, which is empty if there is no body.
   *
   * @throws Refusal if the body is not a JSON object, has too many values or is nested too deeply
   */
  static JsonBody of(SimulatorRequest request) {
    if (request.body().length == 0) {
      return new JsonBody(JsonValue.EMPTY_JSON_OBJECT);
    }
    requireModest(request.body());
    int start = startsWithMark(request.body()) ? 3 : 0;
    int length = request.body().length - start;
    try (JsonParser parser =
        PARSERS.createParser(
            new ByteArrayInputStream(request.body(), start, length), StandardCharsets.UTF_8)) {
      if (parser.next() != JsonParser.Event.START_OBJECT) {
        throw notOneObject();
      }
      JsonObject object = parser.getObject();
      if (parser.hasNext()) {
        throw notOneObject();
      }
      return new JsonBody(object);
    } catch (JsonException | NoSuchElementException e) {
      throw notOneObject();
    }
  }

  private static Refusal notOneObject() {
    return Refusal.text(400, "Invalid JSON: the body must be one JSON object");
  }

  /** Express removes a byte order mark. */
  private static boolean startsWithMark(byte[] body) {
    return body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF;
  }

  static JsonBody of(JsonObject object) {
    return new JsonBody(object);
  }

  /** Returns the objects in an array; none if the field is not an array. */
  List<JsonBody> objects(String name) {
    return value(name) instanceof JsonArray items
        ? items.stream()
            .filter(JsonObject.class::isInstance)
            .map(item -> new JsonBody(item.asJsonObject()))
            .toList()
        : List.of();
  }

  /** Counts the characters outside of strings that can precede a value or a name. */
  private static void requireModest(byte[] json) {
    int count = 0;
    int depth = 0;
    boolean inText = false;
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      if (inText && b == '\\') {
        i++;
      } else if (b == '"') {
        inText = !inText;
      } else if (!inText) {
        boolean opens = b == '[' || b == '{';
        count += opens || b == ',' || b == ':' ? 1 : 0;
        depth += opens ? 1 : b == ']' || b == '}' ? -1 : 0;
      }
      if (count > MAX_VALUES) {
        throw Refusal.text(413, "The body has more than " + MAX_VALUES + " values");
      }
      if (depth > MAX_DEPTH) {
        throw Refusal.text(
            400, "Invalid JSON: the body is nested deeper than " + MAX_DEPTH + " levels");
      }
    }
  }

  JsonValue value(String name) {
    return object.getOrDefault(name, JsonValue.NULL);
  }

  Optional<String> text(String name) {
    return value(name) instanceof JsonString text
        ? Optional.of(text.getString())
        : Optional.empty();
  }

  Optional<Long> number(String name) {
    return value(name) instanceof JsonNumber number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  boolean isTrue(String name) {
    return value(name) == JsonValue.TRUE;
  }

  JsonBody inner(String name) {
    return new JsonBody(
        value(name) instanceof JsonObject inner ? inner : JsonValue.EMPTY_JSON_OBJECT);
  }

  /** Returns all fields that affect the text of the answer, in a fixed order. */
  String question() {
    JsonObject asked =
        object.entrySet().stream()
            .filter(field -> !DELIVERY.contains(field.getKey()))
            .collect(
                JSON::createObjectBuilder,
                (builder, field) -> builder.add(field.getKey(), field.getValue()),
                (left, right) -> left.addAll(right))
            .build();
    return canonical(asked);
  }

  private static String canonical(JsonValue value) {
    return switch (value) {
      case JsonObject members ->
          new TreeMap<>(members)
              .entrySet().stream()
                  .map(
                      member ->
                          JsonStringifier.quoted(member.getKey()) + canonical(member.getValue()))
                  .collect(Collectors.joining(",", "{", "}"));
      case JsonArray items ->
          items.stream().map(JsonBody::canonical).collect(Collectors.joining(",", "[", "]"));
      case JsonNumber number -> plain(number.bigDecimalValue());
      default -> value.toString();
    };
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toString();
  }
}
