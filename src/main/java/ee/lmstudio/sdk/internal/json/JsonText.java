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

/** Reads and writes JSON text, and reads fields of LM Studio's answers leniently. */
public final class JsonText {
  /** Class name of the JSON-P implementation on which the SDK depends. */
  private static final String PARSSON = "org.eclipse.parsson.JsonProviderImpl";

  /**
   * The JSON-P implementation: Parsson, or another one if a server provides it. It is chosen by
   * name, so that other implementations on the class path have no effect. It cannot be created with
   * {@code new}, because Parsson's module does not export it.
   */
  public static final JsonProvider JSON =
      ServiceLoader.load(JsonProvider.class, JsonText.class.getClassLoader()).stream()
          .filter(provider -> provider.type().getName().equals(PARSSON))
          .findFirst()
          .map(ServiceLoader.Provider::get)
          .orElseGet(JsonProvider::provider);

  private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());

  /**
   * Bytes of the heap for each value of one answer. A value takes 100 to 200 bytes, so the largest
   * answer takes a tenth to a fifth of the heap.
   */
  private static final int HEAP_FOR_VALUE = 1024;

  /** Maximum number of values and names of fields in one answer: 100,000 to 10,000,000. */
  public static final int MAX_VALUES =
      Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_FOR_VALUE, 100_000, 10_000_000);

  private static final double LONGEST_SECONDS = 9e9;

  private JsonText() {}

  /** Returns a pull parser for {@code text}. */
  public static JsonParser parser(String text) {
    return PARSERS.createParser(new StringReader(text));
  }

  /** Returns whether the JSON has more values than {@link #read} reads. */
  public static boolean isTooWide(String text) {
    return ValueCount.exceeds(text, MAX_VALUES);
  }

  /**
   * Parses a JSON value; empty if {@code text} is not JSON, has more text after the value, or more
   * than {@link #MAX_VALUES} values. A number that the parser refuses becomes a string ({@link
   * HugeNumbers}).
   */
  public static Optional<JsonValue> read(String text) {
    if (isTooWide(text)) {
      return Optional.empty();
    }
    return parsed(text)
        .or(
            () -> {
              String readable = HugeNumbers.asTexts(text);
              return readable.equals(text) ? Optional.empty() : parsed(readable);
            });
  }

  private static Optional<JsonValue> parsed(String text) {
    try (JsonParser parser = parser(text)) {
      parser.next();
      JsonValue value = parser.getValue();
      // A JSON-P parser ignores text after the value unless it is asked for more.
      return parser.hasNext() ? Optional.empty() : Optional.of(value);
    } catch (RuntimeException notJson) {
      // The parser throws a plain RuntimeException if the text is nested too deeply.
      return Optional.empty();
    }
  }

  /** Parses a JSON object; empty if {@code text} is not a JSON object. */
  public static Optional<JsonObject> readObject(String text) {
    return read(text).filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject);
  }

  /** Returns whether a field is missing or null. */
  public static boolean isAbsent(JsonObject from, String name) {
    JsonValue value = from.get(name);
    return value == null || value == JsonValue.NULL;
  }

  /** Returns a field that is an object; an empty object if the field is anything else. */
  public static JsonObject object(JsonObject from, String name) {
    return from.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
  }

  /** Returns a field that is a text; empty if the field is anything else. */
  public static Optional<String> string(JsonObject from, String name) {
    return from.get(name) instanceof JsonString text
        ? Optional.of(text.getString())
        : Optional.empty();
  }

  /** Returns a field that is a whole number; empty if the field is anything else. */
  public static OptionalLong whole(JsonObject from, String name) {
    try {
      return from.get(name) instanceof JsonNumber number
          ? OptionalLong.of(number.longValueExact())
          : OptionalLong.empty();
    } catch (ArithmeticException | UnsupportedOperationException fractionOrTooLarge) {
      return OptionalLong.empty();
    }
  }

  /**
   * Returns a field that is a number; empty if the field is anything else, or outside the range of
   * {@code double}.
   */
  public static OptionalDouble number(JsonObject from, String name) {
    return from.get(name) instanceof JsonNumber number && Double.isFinite(number.doubleValue())
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /**
   * Returns a field that is a number of seconds; empty if the field is anything else or exceeds 285
   * years.
   */
  public static Optional<Duration> seconds(JsonObject from, String name) {
    OptionalDouble seconds = number(from, name);
    return seconds.isPresent() && Math.abs(seconds.getAsDouble()) < LONGEST_SECONDS
        ? Optional.of(Duration.ofNanos(Math.round(seconds.getAsDouble() * 1e9)))
        : Optional.empty();
  }

  /**
   * Returns a field that is seconds since 1970; empty if the field is anything else or out of
   * range.
   */
  public static Optional<Instant> moment(JsonObject from, String name) {
    OptionalLong second = whole(from, name);
    return second.isPresent()
            && second.getAsLong() >= 0
            && second.getAsLong() <= Instant.MAX.getEpochSecond()
        ? Optional.of(Instant.ofEpochSecond(second.getAsLong()))
        : Optional.empty();
  }

  /** Returns a field that is true or false; empty if the field is anything else. */
  public static Optional<Boolean> truth(JsonObject from, String name) {
    JsonValue value = from.get(name);
    return value == JsonValue.TRUE || value == JsonValue.FALSE
        ? Optional.of(value == JsonValue.TRUE)
        : Optional.empty();
  }

  /** Returns the objects in a field that is a list; none if the field is anything else. */
  public static Stream<JsonObject> objects(JsonObject from, String name) {
    return from.get(name) instanceof JsonArray list
        ? list.stream().filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject)
        : Stream.empty();
  }

  /** Returns the object without the fields that are null. */
  public static JsonObject withoutNulls(JsonObject object) {
    if (!object.containsValue(JsonValue.NULL)) {
      return object;
    }
    JsonObjectBuilder present = JSON.createObjectBuilder();
    object.forEach(
        (name, value) -> {
          if (value != JsonValue.NULL) {
            present.add(name, value);
          }
        });
    return present.build();
  }

  /** Returns the object without these fields. */
  public static JsonObject without(JsonObject object, Set<String> names) {
    JsonObjectBuilder rest = JSON.createObjectBuilder(object);
    names.forEach(rest::remove);
    return rest.build();
  }
}
