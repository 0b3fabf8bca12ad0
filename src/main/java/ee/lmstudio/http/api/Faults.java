package ee.lmstudio.http.api;

import ee.lmstudio.http.error.ApiError.Detail;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong with a body, so that all of it is told at once: one fault a field. */
final class Faults {
  private final Map<String, String> byField = new LinkedHashMap<>();

  /** Notes a fault, unless its field has one already. */
  void add(String field, String message) {
    byField.putIfAbsent(field, message);
  }

  List<Detail> all() {
    return byField.entrySet().stream()
        .map(fault -> new Detail(fault.getKey(), fault.getValue()))
        .toList();
  }

  boolean isObject(String field, JsonValue value) {
    boolean right = value.getValueType() == JsonValue.ValueType.OBJECT;
    if (!right) {
      add(field, "must be an object");
    }
    return right;
  }

  void checkBoolean(String field, JsonValue value) {
    if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
      add(field, "must be true or false");
    }
  }
}
