package ee.lmstudio.http.api;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * Refuses numbers that are too large for a double, wherever they stand: canonical JSON, of which
 * the prompt hash is made, has none, and most readers of JSON would take them for infinite.
 */
final class NumberCheck {
  private NumberCheck() {}

  /** Looks into a field's value; a field that is a number itself has a range of its own. */
  static void checkWithin(Faults faults, String field, JsonValue value) {
    if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        check(faults, field + "[" + i + "]", array.get(i));
      }
    } else if (value instanceof JsonObject object) {
      object.forEach((name, inner) -> check(faults, field + "." + name, inner));
    }
  }

  private static void check(Faults faults, String field, JsonValue value) {
    if (value instanceof JsonNumber number && Double.isInfinite(number.doubleValue())) {
      faults.add(field, "is a number too large for JSON's readers, allowed is up to 1.7e308");
    }
    checkWithin(faults, field, value);
  }
}
