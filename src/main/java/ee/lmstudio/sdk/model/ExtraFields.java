package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
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

  /** Returns the value of a text field; empty if the field is absent or null. */
  static Optional<String> anyText(JsonObject json, String name) {
    return absent(json, name)
        ? Optional.empty()
        : Optional.of(
            JsonText.string(json, name)
                .orElseThrow(() -> ValidationException.of(name, "is not a text")));
  }

  /** Refuses a number that is negative, infinite or not a number. */
  static void notNegative(String name, OptionalDouble value) {
    if (value.isPresent()
        && !(value.getAsDouble() >= 0 && value.getAsDouble() <= Double.MAX_VALUE)) {
      throw ValidationException.of(
          name, "is %s; it must be 0 or more".formatted(value.getAsDouble()));
    }
  }

  /** Refuses an empty text. */
  static void notEmpty(String name, String value) {
    if (value.isEmpty()) {
      throw ValidationException.of(name, "is empty; a text is required");
    }
  }

  private static boolean absent(JsonObject json, String name) {
    return json.getOrDefault(name, JsonValue.NULL) == JsonValue.NULL;
  }
}
