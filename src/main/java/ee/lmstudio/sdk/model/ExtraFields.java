package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Handles fields of a JSON object that have no component of their own, and holds checks that
 * requests share.
 */
final class ExtraFields {
  private ExtraFields() {}

  /** Refuses an extra field for which the request has a component. */
  static void check(Map<String, ?> extra, Set<String> own) {
    for (String name : extra.keySet()) {
      if (own.contains(name)) {
        throw ValidationException.of(name, "is not an extra field; set it on the request itself");
      }
    }
  }

  /** Returns a whole number; empty if the field is absent or null. */
  static OptionalInt whole(JsonObject json, String name) {
    if (absent(json, name)) {
      return OptionalInt.empty();
    }
    OptionalLong number = JsonText.whole(json, name);
    if (number.isEmpty() || number.getAsLong() != (int) number.getAsLong()) {
      throw ValidationException.of(name, "is not a whole number");
    }
    return OptionalInt.of((int) number.getAsLong());
  }

  /** Returns a number; empty if the field is absent or null. */
  static OptionalDouble number(JsonObject json, String name) {
    if (absent(json, name)) {
      return OptionalDouble.empty();
    }
    if (json.get(name) instanceof JsonNumber number) {
      return OptionalDouble.of(number.doubleValue());
    }
    throw ValidationException.of(name, "is not a number");
  }

  /** Returns the value of a required text field. */
  static String text(JsonObject json, String name) {
    return JsonText.string(json, name)
        .orElseThrow(() -> ValidationException.of(name, "is missing, or is not a text"));
  }

  /** Refuses a number outside its range. */
  static void within(String name, OptionalDouble value, double least, double most) {
    if (value.isPresent() && !(value.getAsDouble() >= least && value.getAsDouble() <= most)) {
      throw ValidationException.of(
          name, "is %s; it must be from %s to %s".formatted(value.getAsDouble(), least, most));
    }
  }

  private static boolean absent(JsonObject json, String name) {
    return json.getOrDefault(name, JsonValue.NULL) == JsonValue.NULL;
  }
}
