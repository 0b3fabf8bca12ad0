package ee.lmstudio.simulator.schema;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any schema, as clients send them. */
final class AnySchema {
  private static final JsonProvider JSON = JsonProvider.provider();

  private AnySchema() {}

  /** Schemas that allow a value, up to {@code depth} deep. */
  static Arbitrary<JsonObject> satisfiable(int depth) {
    Arbitrary<JsonObject> simple =
        Arbitraries.oneOf(
            texts(),
            patterns(),
            formats(),
            numbers("number"),
            numbers("integer"),
            choices(),
            plain());
    if (depth == 0) {
      return simple;
    }
    Arbitrary<JsonObject> inner = Arbitraries.lazy(() -> satisfiable(depth - 1));
    return Arbitraries.oneOf(
        simple, objects(inner), arrays(inner), tuples(inner), unions(inner), maps(inner));
  }

  /** Schemas with conditions that may contradict each other. */
  static Arbitrary<JsonObject> wild(int depth) {
    Arbitrary<JsonObject> inner = satisfiable(depth - 1);
    return Combinators.combine(inner, inner, inner, Arbitraries.of(WILD))
        .as((one, two, three, form) -> parsed(form.formatted(one, two, three)));
  }

  private static final List<String> WILD =
      List.of(
          "{\"allOf\":[%s,{\"not\":%s}]}",
          "{\"oneOf\":[%s,%s,%s]}",
          "{\"if\":%s,\"then\":%s,\"else\":%s}",
          "{\"allOf\":[%s,{\"anyOf\":[%s,%s]}]}",
          "{\"type\":\"array\",\"items\":%s,\"contains\":%s,\"minContains\":2}",
          "{\"type\":\"array\",\"prefixItems\":[%s,%s],\"items\":%s,\"uniqueItems\":true,"
              + "\"minItems\":4}",
          "{\"type\":\"object\",\"patternProperties\":{\"^a\":%s},\"additionalProperties\":%s,"
              + "\"required\":[\"a\",\"b\"],\"minProperties\":5}",
          "{\"type\":\"object\",\"properties\":{\"a\":%s,\"b\":%s},\"dependentRequired\":"
              + "{\"a\":[\"c\"],\"c\":[\"d\"]},\"maxProperties\":3}",
          "{\"properties\":{\"a\":%s},\"dependentSchemas\":{\"a\":{\"properties\":{\"b\":%s},"
              + "\"required\":[\"b\"]}},\"unevaluatedProperties\":false,\"type\":\"object\"}",
          "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[a-c]{2,3}$\"},"
              + "\"additionalProperties\":%s,\"minProperties\":3}",
          "{\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":{\"value\":%s,\"children\":"
              + "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}},\"next\":{\"anyOf\":"
              + "[{\"$ref\":\"#/$defs/node\"},{\"type\":\"null\"}]}},\"required\":"
              + "[\"value\",\"children\",\"next\"],\"additionalProperties\":false}},"
              + "\"$ref\":\"#/$defs/node\"}",
          "{\"$defs\":{\"sum\":{\"type\":\"object\",\"properties\":{\"left\":{\"$ref\":"
              + "\"#/$defs/term\"},\"right\":{\"$ref\":\"#/$defs/term\"}},\"required\":"
              + "[\"left\",\"right\"],\"additionalProperties\":false},\"term\":{\"anyOf\":"
              + "[{\"$ref\":\"#/$defs/sum\"},%s]}},\"$ref\":\"#/$defs/term\"}");

  private static JsonObject parsed(String json) {
    return JSON.createReader(new java.io.StringReader(json)).readObject();
  }

  private static Arbitrary<JsonObject> texts() {
    return Arbitraries.integers()
        .between(0, 40)
        .flatMap(
            least ->
                Arbitraries.integers()
                    .between(least, least + 30)
                    .map(
                        most ->
                            JSON.createObjectBuilder()
                                .add("type", "string")
                                .add("minLength", least)
                                .add("maxLength", most)
                                .build()));
  }

  private static Arbitrary<JsonObject> patterns() {
    return Arbitraries.of(
            "^[a-z]+$",
            "^[A-Z]{2}-\\d{4,6}$",
            "^(red|green|blue)(-(light|dark))?$",
            "\\bword\\b",
            "[0-9a-f]{8}",
            "^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d]{8,}$",
            "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
            "^(?:\\+?1[-. ]?)?\\(?\\d{3}\\)?[-. ]?\\d{3}[-. ]?\\d{4}$",
            "^#[0-9A-Fa-f]{6}$",
            "^\\p{Lu}\\p{L}*$",
            "^(?!admin)[a-z]{3,}$",
            "^[\\w.-]+$",
            "^\\u00e9[^a]$",
            "^v\\d+\\.\\d+\\.\\d+$",
            "")
        .map(pattern -> JSON.createObjectBuilder().add("type", "string").add("pattern", pattern))
        .map(JsonObjectBuilder::build);
  }

  private static Arbitrary<JsonObject> formats() {
    return Arbitraries.of(TextFormat.values())
        .map(format -> format.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
        .map(name -> JSON.createObjectBuilder().add("type", "string").add("format", name).build());
  }

  private static Arbitrary<JsonObject> numbers(String type) {
    Arbitrary<BigDecimal> limits =
        Arbitraries.bigDecimals().between(new BigDecimal("-1e6"), new BigDecimal("1e6")).ofScale(2);
    Arbitrary<BigDecimal> steps = Arbitraries.of("0.01", "0.5", "1", "3", "7").map(BigDecimal::new);
    return Combinators.combine(
            limits, steps, Arbitraries.of(true, false), Arbitraries.of(true, false))
        .as(
            (low, step, exclusive, stepped) -> {
              JsonObjectBuilder schema =
                  JSON.createObjectBuilder()
                      .add("type", type)
                      .add(exclusive ? "exclusiveMinimum" : "minimum", low)
                      .add(exclusive ? "exclusiveMaximum" : "maximum", low.add(BigDecimal.TEN));
              return (stepped ? schema.add("multipleOf", step) : schema).build();
            });
  }

  private static Arbitrary<JsonObject> choices() {
    Arbitrary<String> values =
        Arbitraries.of("1", "1.5", "\"a\"", "\"\"", "null", "true", "[1,2]", "{\"a\":1}", "\"é\"");
    return Arbitraries.oneOf(
        values
            .list()
            .uniqueElements()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(all -> parsed("{\"enum\":" + all + "}")),
        values.map(value -> parsed("{\"const\":" + value + "}")));
  }

  private static Arbitrary<JsonObject> plain() {
    return Arbitraries.of(
            "{}",
            "{\"type\":\"boolean\"}",
            "{\"type\":\"null\"}",
            "{\"type\":[\"string\",\"null\"]}",
            "{\"type\":[\"null\",\"integer\"],\"minimum\":5}",
            "{\"type\":\"number\"}",
            "{\"maximum\":-3}",
            "{\"type\":\"object\"}",
            "{\"type\":\"array\"}")
        .map(AnySchema::parsed);
  }

  private static Arbitrary<JsonObject> objects(Arbitrary<JsonObject> inner) {
    Arbitrary<String> names =
        Arbitraries.of("a", "b", "c", "name", "ü", "two words", "$x", "a/b~c");
    Arbitrary<Map<String, JsonObject>> properties = Arbitraries.maps(names, inner).ofMaxSize(4);
    return Combinators.combine(
            properties, names.set().ofMaxSize(3), Arbitraries.of(true, false), inner)
        .as(
            (listed, required, closed, rest) -> {
              Map<String, JsonValue> schema = new LinkedHashMap<>();
              JsonObjectBuilder all = JSON.createObjectBuilder();
              listed.forEach(all::add);
              schema.put("type", JSON.createValue("object"));
              schema.put("properties", all.build());
              required.removeIf(name -> closed && !listed.containsKey(name));
              schema.put("required", JSON.createArrayBuilder(required).build());
              schema.put("additionalProperties", closed ? JsonValue.FALSE : rest);
              return JSON.createObjectBuilder(schema).build();
            });
  }

  private static Arbitrary<JsonObject> maps(Arbitrary<JsonObject> inner) {
    return inner.map(
        value ->
            JSON.createObjectBuilder()
                .add("type", "object")
                .add("additionalProperties", value)
                .add("minProperties", 3)
                .build());
  }

  private static Arbitrary<JsonObject> arrays(Arbitrary<JsonObject> inner) {
    return Combinators.combine(inner, Arbitraries.integers().between(0, 6))
        .as(
            (item, least) ->
                JSON.createObjectBuilder()
                    .add("type", "array")
                    .add("items", item)
                    .add("minItems", least)
                    .add("maxItems", least + 1)
                    .build());
  }

  private static Arbitrary<JsonObject> tuples(Arbitrary<JsonObject> inner) {
    return Combinators.combine(inner, inner)
        .as(
            (one, two) ->
                JSON.createObjectBuilder()
                    .add("type", "array")
                    .add("prefixItems", JSON.createArrayBuilder().add(one).add(two))
                    .add("items", false)
                    .add("minItems", 1)
                    .build());
  }

  private static Arbitrary<JsonObject> unions(Arbitrary<JsonObject> inner) {
    return Combinators.combine(inner, inner, Arbitraries.of("anyOf", "allOf"))
        .as(
            (one, two, keyword) ->
                JSON.createObjectBuilder()
                    .add(
                        keyword,
                        keyword.equals("allOf")
                            ? JSON.createArrayBuilder().add(one).add(JsonValue.EMPTY_JSON_OBJECT)
                            : JSON.createArrayBuilder().add(one).add(two))
                    .build());
  }
}
