package ee.lmstudio.sdk.internal.json;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Any JSON, as servers of the future may send it. */
public final class AnyJson {
  private AnyJson() {}

  /** Any value, up to {@code depth} deep. */
  public static Arbitrary<JsonValue> values(int depth) {
    Arbitrary<JsonValue> single =
        Arbitraries.oneOf(
            Arbitraries.of(JsonValue.NULL, JsonValue.TRUE, JsonValue.FALSE),
            Arbitraries.strings().ofMaxLength(10).map(JSON::createValue),
            Arbitraries.longs().map(JSON::createValue),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e9"), new BigDecimal("1e9"))
                .map(JSON::createValue));
    if (depth == 0) {
      return single;
    }
    Arbitrary<JsonValue> array =
        values(depth - 1)
            .list()
            .ofMaxSize(3)
            .map(
                values -> {
                  JsonArrayBuilder all = JSON.createArrayBuilder();
                  values.forEach(all::add);
                  return all.build();
                });
    return Arbitraries.oneOf(single, array, objects(depth - 1).map(JsonValue.class::cast));
  }

  /** Any object, its values up to {@code depth} deep. */
  public static Arbitrary<JsonObject> objects(int depth) {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
    return Arbitraries.maps(names.map(name -> "x_" + name), values(depth))
        .ofMaxSize(3)
        .map(AnyJson::object);
  }

  private static JsonObject object(Map<String, JsonValue> fields) {
    JsonObjectBuilder object = JSON.createObjectBuilder();
    fields.forEach(object::add);
    return object.build();
  }
}
