package ee.lmstudio.sdk.internal.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/** JSON text in and out, and forgiving reads of what LM Studio sends. */
public final class JsonText {
  /** The JSON-P implementation that the SDK brings, wherever it stands on the class path. */
  private static final String PARSSON = "org.eclipse.parsson.JsonProviderImpl";

  /**
   * The JSON-P implementation: Parsson, or the one that is there if a server brings another. It is
   * chosen by name, so that further implementations on the class path change nothing. It cannot be
   * created with {@code new}, since Parsson's module does not export it.
   */
  public static final JsonProvider JSON =
      ServiceLoader.load(JsonProvider.class, JsonText.class.getClassLoader()).stream()
          .filter(provider -> provider.type().getName().equals(PARSSON))
          .findFirst()
          .map(ServiceLoader.Provider::get)
          .orElseGet(JsonProvider::provider);

  private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

  private static final double LONGEST_SECONDS = 9e9;

  private JsonText() {}

  /** A pull parser over {@code text}. */
  public static JsonParser parser(String text) {
    return PARSERS.createParser(new StringReader(text));
  }

  /** The value that {@code text} is; empty if it is no JSON, or something follows it. */
  public static Optional<JsonValue> read(String text) {
    try (JsonParser parser = parser(text)) {
      parser.next();
      JsonValue value = parser.getValue();
      // A JSON-P reader would not look at what follows the value; asking for more does.
      return parser.hasNext() ? Optional.empty() : Optional.of(value);
    } catch (RuntimeException notJson) {
      // Besides JSON's own exceptions: the parser throws bare ones at what is nested too deep.
      return Optional.empty();
    }
  }

  /** The object that {@code text} is; empty if it is none. */
  public static Optional<JsonObject> readObject(String text) {
    return read(text).filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject);
  }

  /** Whether there is no such field, or it is null, which says the same. */
  public static boolean isAbsent(JsonObject from, String name) {
    JsonValue value = from.get(name);
    return value == null || value == JsonValue.NULL;
  }

  /** A field that is an object; the empty object if it is anything else. */
  public static JsonObject object(JsonObject from, String name) {
    return from.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
  }

  /** A field that is a text; empty if it is anything else. */
  public static Optional<String> string(JsonObject from, String name) {
    return from.get(name) instanceof JsonString text
        ? Optional.of(text.getString())
        : Optional.empty();
  }

  /** A field that is a whole number; empty if it is anything else. */
  public static OptionalLong whole(JsonObject from, String name) {
    try {
      return from.get(name) instanceof JsonNumber number
          ? OptionalLong.of(number.longValueExact())
          : OptionalLong.empty();
    } catch (ArithmeticException | UnsupportedOperationException fractionOrTooLarge) {
      return OptionalLong.empty();
    }
  }

  /** A field that is a number; empty if it is anything else. */
  public static OptionalDouble number(JsonObject from, String name) {
    return from.get(name) instanceof JsonNumber number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** A field that is a number of seconds; empty if it is anything else, or beyond 285 years. */
  public static Optional<Duration> seconds(JsonObject from, String name) {
    OptionalDouble seconds = number(from, name);
    return seconds.isPresent() && Math.abs(seconds.getAsDouble()) < LONGEST_SECONDS
        ? Optional.of(Duration.ofNanos(Math.round(seconds.getAsDouble() * 1e9)))
        : Optional.empty();
  }

  /** A field that is seconds since 1970; empty if it is anything else, or beyond the calendar. */
  public static Optional<Instant> moment(JsonObject from, String name) {
    OptionalLong second = whole(from, name);
    return second.isPresent()
            && second.getAsLong() >= 0
            && second.getAsLong() <= Instant.MAX.getEpochSecond()
        ? Optional.of(Instant.ofEpochSecond(second.getAsLong()))
        : Optional.empty();
  }

  /** A field that is true or false; empty if it is anything else. */
  public static Optional<Boolean> truth(JsonObject from, String name) {
    JsonValue value = from.get(name);
    return value == JsonValue.TRUE || value == JsonValue.FALSE
        ? Optional.of(value == JsonValue.TRUE)
        : Optional.empty();
  }

  /** The objects in a field that is a list; none if it is anything else. */
  public static Stream<JsonObject> objects(JsonObject from, String name) {
    return from.get(name) instanceof JsonArray list
        ? list.stream().filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject)
        : Stream.empty();
  }

  /** The object without these fields. */
  public static JsonObject without(JsonObject object, Set<String> names) {
    JsonObjectBuilder rest = JSON.createObjectBuilder(object);
    names.forEach(rest::remove);
    return rest.build();
  }
}
