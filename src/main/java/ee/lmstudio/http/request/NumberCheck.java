package ee.lmstudio.http.request;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * Refuses numbers within a field that are too large for a double. The prompt hash is made from
 * canonical JSON, which has no such numbers, and most JSON parsers would read them as infinite.
 */
public final class NumberCheck {
  private static final String TOO_LARGE = "is a number above 1.7e308, the largest that is allowed";

  private final FieldFaults faults;

  /** The path of the value that is checked. It grows and shrinks, so that long names cost once. */
  private final StringBuilder path;

  private NumberCheck(FieldFaults faults, String field) {
    this.faults = faults;
    path = new StringBuilder(field);
  }

  /** Checks a field and the values within it. */
  static void check(FieldFaults faults, String field, JsonValue value) {
    new NumberCheck(faults, field).check(value);
  }

  /** Checks the values within a field. A field that is itself a number has a check of its own. */
  public static void checkWithin(FieldFaults faults, String field, JsonValue value) {
    if (value instanceof JsonArray || value instanceof JsonObject) {
      new NumberCheck(faults, field).checkWithin(value);
    }
  }

  private void checkWithin(JsonValue value) {
    int length = path.length();
    if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        path.append('[').append(i).append(']');
        check(array.get(i));
        path.setLength(length);
      }
    } else if (value instanceof JsonObject object) {
      object.forEach(
          (name, inner) -> {
            path.append('.').append(name);
            check(inner);
            path.setLength(length);
          });
    }
  }

  private void check(JsonValue value) {
    if (value instanceof JsonNumber number && Double.isInfinite(number.doubleValue())) {
      faults.add(path, TOO_LARGE);
    }
    checkWithin(value);
  }
}
