package ee.lmstudio.simulator.schema;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes values that several schemas allow together. It tries the combinations of their choices one
 * after the other, until a value obeys. Used by one thread.
 */
final class ValueMaker {
  static final JsonProvider JSON = JsonProvider.provider();

  /** Values within these limits have all that the schema offers; larger ones what they need. */
  private static final int FULL_DEPTH = 4;

  private static final int FULL_VALUES = 200;

  private static final int MAX_ATTEMPTS = 256;
  private static final int MIN_CHECKED_ATTEMPTS = 32;

  private final SchemaDocument document;
  private final SchemaCheck check;
  private final Budget budget;
  private final Question question;
  private final RandomGenerator random;
  private final TextMaker texts;
  private final NumberMaker numbers;
  private final ContainerMaker containers;

  ValueMaker(SchemaDocument document, Question question, RandomGenerator random) {
    this.document = document;
    this.budget = new Budget();
    this.check = new SchemaCheck(document, budget);
    this.question = question;
    this.random = random;
    this.texts = new TextMaker(question, random, check, budget);
    this.numbers = new NumberMaker(question, random);
    this.containers = new ContainerMaker(this, check, texts, random, budget);
  }

  SchemaCheck check() {
    return check;
  }

  /**
   * Returns a value.
   *
   * @param depth how many values contain it
   * @param from the first turn that is tried; other turns give other values, if there are any
   * @throws NoValue if none was found
   */
  JsonValue value(List<JsonValue> schemas, int depth, int from) {
    if (depth > Budget.MAX_DEPTH) {
      throw NoValue.because("its values are nested deeper than " + Budget.MAX_DEPTH + " levels");
    }
    boolean small = depth >= FULL_DEPTH || budget.values() >= FULL_VALUES;
    NoValue last = null;
    int attempts = 1;
    for (int i = 0; i < attempts; i++) {
      Turn turn = new Turn(from + i);
      Demands demands = new Demands(document, budget, turn, small);
      try {
        demands.add(schemas);
        JsonValue value = made(demands, turn, depth, small);
        if (!demands.needCheck() || check.obeys(schemas, value)) {
          return value;
        }
        last = NoValue.because("no value was found that obeys all its conditions");
      } catch (NoValue failed) {
        if (failed.isOverLimit()) {
          throw failed;
        }
        last = failed;
      }
      attempts = Math.max(attempts, attempts(demands, turn));
    }
    throw last;
  }

  private static int attempts(Demands demands, Turn turn) {
    int combinations = turn.combinations();
    return Math.min(
        MAX_ATTEMPTS,
        demands.needCheck() ? Math.max(MIN_CHECKED_ATTEMPTS, combinations * 8) : combinations);
  }

  private JsonValue made(Demands demands, Turn turn, int depth, boolean small) {
    budget.value();
    List<JsonObject> schemas = demands.all();
    List<JsonValue> choices = choices(schemas);
    if (choices != null) {
      return chosen(choices, schemas, turn);
    }
    List<String> types = Types.common(schemas);
    if (small) {
      types = types.stream().sorted(Comparator.comparingInt(ValueMaker::size)).toList();
    }
    String type = types.get(turn.pick(types.size()));
    return switch (type) {
      case "object" -> containers.object(demands, turn, depth, small);
      case "array" -> containers.array(schemas, turn, depth, small);
      case "string" -> JSON.createValue(texts.text(schemas, turn.rest()));
      case "integer" -> number(numbers.number(schemas, true, turn.rest()));
      case "number" -> number(numbers.number(schemas, false, turn.rest()));
      case "boolean" -> truth(turn.pick(3));
      case "null" -> JsonValue.NULL;
      default -> throw NoValue.because("'" + type + "' is not a type of JSON");
    };
  }

  private static int size(String type) {
    return switch (type) {
      case "object" -> 2;
      case "array" -> 1;
      default -> 0;
    };
  }

  /** Returns a random truth value first, then both of them. */
  private JsonValue truth(int picked) {
    boolean value = picked == 0 ? random.nextBoolean() : picked == 1;
    return value ? JsonValue.TRUE : JsonValue.FALSE;
  }

  private static JsonValue number(BigDecimal number) {
    return JSON.createValue(number.scale() < 0 ? number.setScale(0) : number);
  }

  /** Returns the values that {@code const} or {@code enum} allow; null if there is neither. */
  private static List<JsonValue> choices(List<JsonObject> schemas) {
    for (JsonObject schema : schemas) {
      if (schema.containsKey("const")) {
        return List.of(schema.get("const"));
      }
    }
    for (JsonObject schema : schemas) {
      if (schema.get("enum") instanceof JsonArray values) {
        return values;
      }
    }
    return null;
  }

  /** Returns the value that the question names, or else any of the allowed values. */
  private JsonValue chosen(List<JsonValue> choices, List<JsonObject> schemas, Turn turn) {
    List<JsonValue> allowed = new ArrayList<>();
    for (JsonValue choice : choices) {
      if (check.obeys(schemas, choice)) {
        allowed.add(choice);
      }
    }
    if (allowed.isEmpty()) {
      throw NoValue.because("none of the values of its enum or const obeys its other conditions");
    }
    int picked = turn.pick(allowed.size() + 1);
    if (picked > 0) {
      return allowed.get(picked - 1);
    }
    return allowed.stream()
        .filter(value -> value instanceof JsonString text && question.mentions(text.getString()))
        .findFirst()
        .orElseGet(() -> allowed.get(random.nextInt(allowed.size())));
  }
}
