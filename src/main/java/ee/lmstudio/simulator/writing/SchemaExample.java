package ee.lmstudio.simulator.writing;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Creates a value that a JSON schema allows, from the words of the question where possible. It
 * applies types, enum, const, properties, items and bounds, and ignores other keywords. Used by one
 * thread.
 */
public final class SchemaExample {
  private static final JsonProvider JSON = JsonProvider.provider();
  private static final int MAX_DEPTH = 16;
  private static final int MAX_ITEMS = 16;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final Question question;
  private final RandomGenerator random;

  /**
   * @param random the source of all choices; seed it for repeatable answers
   */
  public SchemaExample(Question question, RandomGenerator random) {
    this.question = question;
    this.random = random;
  }

  /** Returns a value for {@code schema}. */
  public JsonValue of(JsonValue schema) {
    return value(schema, 0);
  }

  private JsonValue value(JsonValue any, int depth) {
    if (depth > MAX_DEPTH || !(any instanceof JsonObject schema)) {
      return JsonValue.NULL;
    }
    if (schema.containsKey("const")) {
      return schema.get("const");
    }
    if (schema.get("enum") instanceof JsonArray choices && !choices.isEmpty()) {
      return choice(choices);
    }
    for (String union : List.of("anyOf", "oneOf")) {
      if (schema.get(union) instanceof JsonArray choices && !choices.isEmpty()) {
        return value(choices.get(0), depth + 1);
      }
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> JSON.createValue(integer(schema));
      case "number" -> JSON.createValue(integer(schema) + 0.5);
      case "boolean" -> random.nextBoolean() ? JsonValue.TRUE : JsonValue.FALSE;
      case "null" -> JsonValue.NULL;
      default -> JSON.createValue(text());
    };
  }

  private static String type(JsonObject schema) {
    JsonValue type = schema.get("type");
    if (type instanceof JsonArray types && !types.isEmpty()) {
      type = types.get(0);
    }
    if (type instanceof JsonString name) {
      return name.getString();
    }
    return schema.containsKey("properties") ? "object" : "string";
  }

  /** Returns the value that the question names, or else any of the allowed values. */
  private JsonValue choice(JsonArray choices) {
    for (JsonValue choice : choices) {
      if (choice instanceof JsonString text && question.mentions(text.getString())) {
        return choice;
      }
    }
    return choices.get(random.nextInt(choices.size()));
  }

  private JsonObject object(JsonObject schema, int depth) {
    JsonObjectBuilder object = JSON.createObjectBuilder();
    if (schema.get("properties") instanceof JsonObject properties) {
      properties.forEach((name, property) -> object.add(name, value(property, depth + 1)));
    }
    return object.build();
  }

  private JsonArray array(JsonObject schema, int depth) {
    int items = Math.clamp(bound(schema, "minItems", 2), 1, MAX_ITEMS);
    JsonArrayBuilder array = JSON.createArrayBuilder();
    for (int i = 0; i < items; i++) {
      array.add(value(schema.get("items"), depth + 1));
    }
    return array.build();
  }

  /** Returns the first number of the question if it is within the bounds, or else any that is. */
  private long integer(JsonObject schema) {
    long low = bound(schema, "minimum", 1);
    long high = Math.max(low, bound(schema, "maximum", low + 9));
    return question.words().stream()
        .filter(word -> NUMBER.matcher(word).matches())
        .map(Long::valueOf)
        .filter(number -> number >= low && number <= high)
        .findFirst()
        .orElseGet(() -> low + random.nextLong(Math.min(high - low, Integer.MAX_VALUE) + 1));
  }

  private static long bound(JsonObject schema, String name, long otherwise) {
    return schema.get(name) instanceof JsonNumber number ? number.longValue() : otherwise;
  }

  /**
   * Returns a name from the question, or else one of its words: {@code Paris} of “the weather in
   * Paris”.
   */
  private String text() {
    List<String> words = question.words();
    return words.stream()
        .skip(1)
        .filter(word -> Character.isUpperCase(word.codePointAt(0)) && word.length() > 1)
        .findFirst()
        .or(() -> question.keywords().stream().reduce((first, second) -> second))
        .orElse("something");
  }
}
