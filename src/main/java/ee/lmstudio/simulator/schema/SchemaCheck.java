package ee.lmstudio.simulator.schema;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether a value obeys a schema, by the rules of JSON Schema 2020-12 and the older forms of
 * keywords. Used by one thread.
 */
final class SchemaCheck {
  private static final int MAX_DEPTH = 200;

  private final SchemaDocument document;
  private final Budget budget;
  private final Map<String, Regex> regexes = new HashMap<>();
  private int depth;
  private boolean formats = true;

  SchemaCheck(SchemaDocument document, Budget budget) {
    this.document = document;
    this.budget = budget;
  }

  Regex regex(String expression) {
    Regex known = regexes.get(expression);
    if (known == null) {
      known = Regex.of(expression);
      regexes.put(expression, known);
    }
    return known;
  }

  /**
   * Returns whether {@code value} obeys all schemas, for validators that check {@code format} and
   * for those that do not. Behind a {@code not}, each of them can be the stricter one.
   */
  boolean obeys(List<? extends JsonValue> schemas, JsonValue value) {
    formats = false;
    boolean withoutFormats = allAllow(schemas, value);
    formats = true;
    return withoutFormats && allAllow(schemas, value);
  }

  private boolean allAllow(List<? extends JsonValue> schemas, JsonValue value) {
    return schemas.stream().allMatch(schema -> allows(schema, value));
  }

  boolean allows(JsonValue any, JsonValue value) {
    budget.steps(1);
    if (!(any instanceof JsonObject schema)) {
      return any != JsonValue.FALSE;
    }
    if (++depth > MAX_DEPTH) {
      throw NoValue.overLimit("its references are nested deeper than " + MAX_DEPTH + " levels");
    }
    try {
      return plainKeywords(schema, value) && combinations(schema, value) && parts(schema, value);
    } finally {
      depth--;
    }
  }

  private boolean plainKeywords(JsonObject schema, JsonValue value) {
    if (schema.containsKey("type") && !Types.matches(schema.get("type"), value)) {
      return false;
    }
    if (schema.containsKey("const") && !equal(schema.get("const"), value)) {
      return false;
    }
    return !(schema.get("enum") instanceof JsonArray choices)
        || choices.stream().anyMatch(choice -> equal(choice, value));
  }

  private boolean equal(JsonValue one, JsonValue other) {
    budget.steps(1);
    return one.getValueType() == other.getValueType() && canonical(one).equals(canonical(other));
  }

  /** Returns a text that is equal for equal values: {@code 1} and {@code 1.0} are equal. */
  String canonical(JsonValue value) {
    StringBuilder text = new StringBuilder();
    canonical(value, text);
    budget.steps(text.length() / 8);
    return text.toString();
  }

  private void canonical(JsonValue value, StringBuilder text) {
    switch (value) {
      case JsonObject object ->
          object.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .forEach(
                  member -> {
                    text.append('{').append(member.getKey().length()).append(member.getKey());
                    canonical(member.getValue(), text.append(':'));
                    text.append('}');
                  });
      case JsonArray array -> {
        text.append('[');
        array.forEach(item -> canonical(item, text.append(',')));
        text.append(']');
      }
      case JsonNumber number ->
          text.append('#').append(NumberMaker.decimal(number).stripTrailingZeros());
      default -> text.append(value);
    }
  }

  private boolean combinations(JsonObject schema, JsonValue value) {
    JsonValue target = document.target(schema);
    if (target != null && !allows(target, value)) {
      return false;
    }
    List<JsonValue> any = SchemaDocument.list(schema, "anyOf");
    List<JsonValue> one = SchemaDocument.list(schema, "oneOf");
    return allAllow(SchemaDocument.list(schema, "allOf"), value)
        && (any.isEmpty() || any.stream().anyMatch(each -> allows(each, value)))
        && (one.isEmpty() || one.stream().filter(each -> allows(each, value)).count() == 1)
        && !(schema.containsKey("not") && allows(schema.get("not"), value))
        && condition(schema, value);
  }

  private boolean condition(JsonObject schema, JsonValue value) {
    if (!schema.containsKey("if")) {
      return true;
    }
    String branch = allows(schema.get("if"), value) ? "then" : "else";
    return !schema.containsKey(branch) || allows(schema.get(branch), value);
  }

  private boolean parts(JsonObject schema, JsonValue value) {
    return switch (value) {
      case JsonObject object -> object(schema, object);
      case JsonArray array -> array(schema, array);
      case JsonString text -> text(schema, text.getString());
      case JsonNumber number -> number(schema, NumberMaker.decimal(number));
      default -> true;
    };
  }

  private static boolean within(JsonObject schema, String least, String most, long size) {
    long limit = SchemaDocument.size(schema, most);
    return size >= SchemaDocument.size(schema, least) && (limit < 0 || size <= limit);
  }

  private boolean text(JsonObject schema, String text) {
    return within(schema, "minLength", "maxLength", text.codePointCount(0, text.length()))
        && !(schema.get("pattern") instanceof JsonString pattern
            && !regex(pattern.getString()).matches(text, budget))
        && !(formats
            && schema.get("format") instanceof JsonString format
            && TextFormat.of(format.getString()).filter(known -> !known.accepts(text)).isPresent());
  }

  private static boolean number(JsonObject schema, BigDecimal value) {
    BigDecimal low = NumberMaker.decimal(schema.get("minimum"));
    BigDecimal high = NumberMaker.decimal(schema.get("maximum"));
    BigDecimal above = NumberMaker.decimal(schema.get("exclusiveMinimum"));
    BigDecimal below = NumberMaker.decimal(schema.get("exclusiveMaximum"));
    BigDecimal step = NumberMaker.decimal(schema.get("multipleOf"));
    int least = schema.get("exclusiveMinimum") == JsonValue.TRUE ? 1 : 0;
    int most = schema.get("exclusiveMaximum") == JsonValue.TRUE ? -1 : 0;
    return (low == null || value.compareTo(low) >= least)
        && (high == null || value.compareTo(high) <= most)
        && (above == null || value.compareTo(above) > 0)
        && (below == null || value.compareTo(below) < 0)
        && (step == null || step.signum() <= 0 || value.remainder(step).signum() == 0);
  }

  private boolean array(JsonObject schema, JsonArray array) {
    if (!within(schema, "minItems", "maxItems", array.size())) {
      return false;
    }
    for (int i = 0; i < array.size(); i++) {
      JsonValue item = item(schema, i);
      if (item != null && !allows(item, array.get(i))) {
        return false;
      }
    }
    if (schema.get("uniqueItems") == JsonValue.TRUE) {
      Set<String> seen = new HashSet<>();
      if (!array.stream().allMatch(item -> seen.add(canonical(item)))) {
        return false;
      }
    }
    return contains(schema, array) && unevaluated(schema, array);
  }

  /** Returns the schema of an item; null if {@code schema} says nothing about it. */
  static JsonValue item(JsonObject schema, int index) {
    List<JsonValue> first = SchemaDocument.list(schema, "prefixItems");
    JsonValue others = schema.get("items");
    if (others instanceof JsonArray list) {
      first = list;
      others = schema.get("additionalItems");
    }
    return index < first.size() ? first.get(index) : others;
  }

  private boolean contains(JsonObject schema, JsonArray array) {
    if (!schema.containsKey("contains")) {
      return true;
    }
    long found = array.stream().filter(item -> allows(schema.get("contains"), item)).count();
    long least = SchemaDocument.size(schema, "minContains");
    long most = SchemaDocument.size(schema, "maxContains");
    return found >= (least < 0 ? 1 : least) && (most < 0 || found <= most);
  }

  /** Stricter than the rules: items that only {@code contains} has evaluated are not allowed. */
  private boolean unevaluated(JsonObject schema, JsonArray array) {
    JsonValue rest = schema.get("unevaluatedItems");
    if (rest == null) {
      return true;
    }
    int from = evaluatedItems(schema, array);
    return array.stream().skip(from).allMatch(item -> allows(rest, item));
  }

  private int evaluatedItems(JsonObject schema, JsonArray array) {
    int count = 0;
    while (count < array.size() && item(schema, count) != null) {
      count++;
    }
    for (JsonObject part : applied(schema, array)) {
      count = Math.max(count, evaluatedItems(part, array));
    }
    return count;
  }

  private boolean object(JsonObject schema, JsonObject object) {
    if (!within(schema, "minProperties", "maxProperties", object.size())
        || !object.keySet().containsAll(SchemaDocument.texts(schema.get("required")))) {
      return false;
    }
    for (String name : object.keySet()) {
      if (!allAllow(property(schema, name), object.get(name)) || !isNamed(schema, name)) {
        return false;
      }
    }
    for (String trigger : object.keySet()) {
      if (!object.keySet().containsAll(dependent(schema, trigger))
          || !allAllow(dependentSchemas(schema, trigger), object)) {
        return false;
      }
    }
    return unevaluated(schema, object);
  }

  private boolean isNamed(JsonObject schema, String name) {
    return !schema.containsKey("propertyNames")
        || allows(schema.get("propertyNames"), ValueMaker.JSON.createValue(name));
  }

  /** Returns the schemas that {@code schema} has for a property; none if it says nothing. */
  List<JsonValue> property(JsonObject schema, String name) {
    List<JsonValue> found = new ArrayList<>();
    JsonValue named = SchemaDocument.map(schema, "properties").get(name);
    if (named != null) {
      found.add(named);
    }
    SchemaDocument.map(schema, "patternProperties")
        .forEach(
            (pattern, each) -> {
              if (regex(pattern).matches(name, budget)) {
                found.add(each);
              }
            });
    if (found.isEmpty() && schema.containsKey("additionalProperties")) {
      found.add(schema.get("additionalProperties"));
    }
    return found;
  }

  /** Returns the names that an object needs if it has {@code trigger}. */
  static List<String> dependent(JsonObject schema, String trigger) {
    JsonValue names = SchemaDocument.map(schema, "dependentRequired").get(trigger);
    return SchemaDocument.texts(
        names != null ? names : SchemaDocument.map(schema, "dependencies").get(trigger));
  }

  /** Returns the schemas that an object must obey if it has {@code trigger}. */
  static List<JsonValue> dependentSchemas(JsonObject schema, String trigger) {
    JsonValue found = SchemaDocument.map(schema, "dependentSchemas").get(trigger);
    JsonValue older = SchemaDocument.map(schema, "dependencies").get(trigger);
    if (found == null && !(older instanceof JsonArray)) {
      found = older;
    }
    return found == null ? List.of() : List.of(found);
  }

  private boolean unevaluated(JsonObject schema, JsonObject object) {
    JsonValue rest = schema.get("unevaluatedProperties");
    if (rest == null) {
      return true;
    }
    Set<String> evaluated = evaluatedNames(schema, object);
    return object.entrySet().stream()
        .filter(member -> !evaluated.contains(member.getKey()))
        .allMatch(member -> allows(rest, member.getValue()));
  }

  private Set<String> evaluatedNames(JsonObject schema, JsonObject object) {
    Set<String> names = new HashSet<>();
    object.keySet().stream().filter(name -> !property(schema, name).isEmpty()).forEach(names::add);
    applied(schema, object).forEach(part -> names.addAll(evaluatedNames(part, object)));
    return names;
  }

  /** Returns the schemas within {@code schema} that apply to the same value, and allow it. */
  private List<JsonObject> applied(JsonObject schema, JsonValue value) {
    budget.steps(1);
    List<JsonValue> parts = new ArrayList<>();
    JsonValue target = document.target(schema);
    if (target != null) {
      parts.add(target);
    }
    for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
      parts.addAll(SchemaDocument.list(schema, keyword));
    }
    if (schema.containsKey("if")) {
      parts.add(schema.get("if"));
      String branch = allows(schema.get("if"), value) ? "then" : "else";
      parts.add(schema.getOrDefault(branch, JsonValue.TRUE));
    }
    if (value instanceof JsonObject object) {
      object.keySet().forEach(name -> parts.addAll(dependentSchemas(schema, name)));
    }
    return parts.stream()
        .filter(JsonObject.class::isInstance)
        .filter(part -> allows(part, value))
        .map(JsonValue::asJsonObject)
        .toList();
  }
}
