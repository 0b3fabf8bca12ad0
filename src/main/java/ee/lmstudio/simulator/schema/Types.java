package ee.lmstudio.simulator.schema;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The types that schemas allow. */
final class Types {
  private static final List<String> ALL =
      List.of("string", "object", "array", "number", "boolean", "null");

  /** Keywords that tell which type is meant if a schema has no {@code type}. */
  private static final Map<String, List<String>> TELLING =
      Map.of(
          "object",
          List.of(
              "properties",
              "required",
              "patternProperties",
              "additionalProperties",
              "propertyNames",
              "minProperties",
              "dependentRequired"),
          "array",
          List.of("items", "prefixItems", "contains", "minItems", "uniqueItems"),
          "number",
          List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"));

  private Types() {}

  /** Returns the types that one schema allows, the preferred one first. */
  static List<String> of(JsonObject schema) {
    return allowedBy(List.of(schema));
  }

  /**
   * Returns the types that all of {@code schemas} allow, the preferred one first.
   *
   * @throws NoValue if there is none
   */
  static List<String> common(List<JsonObject> schemas) {
    List<String> types = allowedBy(schemas);
    if (types.isEmpty()) {
      throw NoValue.because("its parts have no type in common");
    }
    return types;
  }

  private static List<String> allowedBy(List<JsonObject> schemas) {
    List<List<String>> named =
        schemas.stream()
            .filter(schema -> schema.containsKey("type"))
            .map(schema -> named(schema.get("type")))
            .toList();
    Set<String> candidates = new LinkedHashSet<>();
    if (named.isEmpty()) {
      candidates.addAll(inferred(schemas));
    } else {
      named.getFirst().forEach(type -> candidates.addAll(withSubtype(type)));
    }
    candidates.removeIf(type -> !named.stream().allMatch(types -> covers(types, type)));
    return List.copyOf(candidates);
  }

  private static List<String> named(JsonValue type) {
    return type instanceof JsonString name ? List.of(name.getString()) : SchemaDocument.texts(type);
  }

  private static List<String> withSubtype(String type) {
    return type.equals("number") ? List.of("number", "integer") : List.of(type);
  }

  private static boolean covers(List<String> types, String type) {
    return types.contains(type) || (type.equals("integer") && types.contains("number"));
  }

  private static List<String> inferred(List<JsonObject> schemas) {
    List<String> types = new ArrayList<>();
    for (String type : List.of("object", "array", "number")) {
      if (schemas.stream().anyMatch(schema -> tells(schema, type))) {
        types.add(type);
      }
    }
    types.addAll(ALL);
    return types;
  }

  private static boolean tells(JsonObject schema, String type) {
    return TELLING.get(type).stream().anyMatch(schema::containsKey);
  }

  /** Returns whether {@code value} has one of the types of {@code type}, a name or a list. */
  static boolean matches(JsonValue type, JsonValue value) {
    return named(type).stream().anyMatch(name -> is(value, name));
  }

  private static boolean is(JsonValue value, String name) {
    return switch (value.getValueType()) {
      case OBJECT -> name.equals("object");
      case ARRAY -> name.equals("array");
      case STRING -> name.equals("string");
      case NUMBER ->
          name.equals("number") || (name.equals("integer") && isWhole((JsonNumber) value));
      case TRUE, FALSE -> name.equals("boolean");
      case NULL -> name.equals("null");
    };
  }

  private static boolean isWhole(JsonNumber number) {
    BigDecimal value = number.bigDecimalValue();
    return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
  }
}
