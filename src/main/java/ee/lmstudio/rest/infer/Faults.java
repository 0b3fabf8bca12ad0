package ee.lmstudio.rest.infer;

import ee.lmstudio.envelope.ApiError.Detail;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a body, so that all of it is told at once. */
final class Faults {
  private final List<Detail> details = new ArrayList<>();

  void add(String field, String message) {
    details.add(new Detail(field, message));
  }

  List<Detail> all() {
    return List.copyOf(details);
  }

  /** Whether the value is a text; notes it if not. */
  boolean isText(String field, JsonValue value) {
    return is(value instanceof JsonString, field, "a string", value);
  }

  boolean isObject(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.OBJECT, field, "an object", value);
  }

  boolean isArray(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.ARRAY, field, "an array", value);
  }

  boolean isBoolean(String field, JsonValue value) {
    return is(value == JsonValue.TRUE || value == JsonValue.FALSE, field, "a boolean", value);
  }

  void checkNumber(String field, JsonValue value, double least, double most) {
    if (is(value instanceof JsonNumber, field, "a number", value)) {
      double number = ((JsonNumber) value).doubleValue();
      if (number < least || number > most) {
        add(field, "is %s, allowed is %s to %s".formatted(value, plain(least), plain(most)));
      }
    }
  }

  /** A whole number of at least {@code least}, or {@code exception}. */
  void checkWhole(String field, JsonValue value, long least, long exception) {
    if (!is(value instanceof JsonNumber, field, "a whole number", value)) {
      return;
    }
    BigDecimal number = ((JsonNumber) value).bigDecimalValue();
    boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    boolean allowed =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            || number.compareTo(BigDecimal.valueOf(exception)) == 0;
    boolean fits = number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    if (!whole || !allowed || !fits) {
      add(
          field,
          "is %s, allowed is a whole number of %d or more%s"
              .formatted(shortened(value), least, exception < least ? ", or " + exception : ""));
    }
  }

  private boolean is(boolean right, String field, String wanted, JsonValue value) {
    if (!right) {
      add(field, "is %s, must be %s".formatted(kind(value), wanted));
    }
    return right;
  }

  private static String kind(JsonValue value) {
    return switch (value.getValueType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case TRUE, FALSE -> "a boolean";
      case NULL -> "null";
    };
  }

  private static String shortened(JsonValue value) {
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
