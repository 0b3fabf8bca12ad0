package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.error.ValidationException.Fault;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a request, so that all of it is told at once. */
final class FieldFaults {
  private static final int SHOWN = 40;

  private final List<Fault> all = new ArrayList<>();
  private String hint = "Correct the field and send it again.";

  void add(String field, String reason) {
    all.add(new Fault(field, reason));
  }

  /** The hint of the last fault that has one is the exception's. */
  void add(String field, String reason, String whatToDo) {
    add(field, reason);
    hint = whatToDo;
  }

  /** Checks something that stands at {@code path}: its faults are ours, with longer paths. */
  void within(String path, Runnable check) {
    try {
      check.run();
    } catch (ValidationException inner) {
      inner.faults().forEach(fault -> add(join(path, fault.field()), fault.reason()));
      hint = inner.hint();
    }
  }

  private static String join(String path, String field) {
    boolean together = path.isEmpty() || field.isEmpty() || field.startsWith("[");
    return together ? path + field : path + "." + field;
  }

  /** Ends here if anything was wrong. */
  void throwIfAny() {
    if (all.isEmpty()) {
      return;
    }
    Fault fault = all.get(0);
    String first =
        (fault.field().isEmpty() ? "The request" : fault.field()) + ": " + fault.reason();
    String message =
        all.size() == 1 ? first : all.size() + " fields are wrong; the first is " + first;
    throw new ValidationException(message, hint, all);
  }

  /** Whether the value is there; notes it if not. */
  boolean isThere(String field, JsonValue value) {
    boolean there = value != null && value != JsonValue.NULL;
    if (!there) {
      add(field, "is missing");
    }
    return there;
  }

  boolean isText(String field, JsonValue value) {
    return is(value instanceof JsonString, field, "a string", value);
  }

  /** A text that is more than blanks. */
  void checkFilled(String field, JsonValue value) {
    if (isText(field, value) && ((JsonString) value).getString().isBlank()) {
      add(field, "is blank");
    }
  }

  boolean isObject(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.OBJECT, field, "an object", value);
  }

  boolean isArray(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.ARRAY, field, "an array", value);
  }

  void checkBoolean(String field, JsonValue value) {
    is(value == JsonValue.TRUE || value == JsonValue.FALSE, field, "a boolean", value);
  }

  void checkNumber(String field, JsonValue value, double least, double most) {
    if (is(value instanceof JsonNumber, field, "a number", value)) {
      double number = ((JsonNumber) value).doubleValue();
      if (!(number >= least && number <= most)) {
        add(
            field,
            "is %s, allowed is %s to %s".formatted(shortened(value), plain(least), plain(most)));
      }
    }
  }

  /** A whole number from {@code least} to {@code most}, or {@code exception}. */
  void checkWhole(String field, JsonValue value, long least, long most, long exception) {
    if (!is(value instanceof JsonNumber, field, "a whole number", value)) {
      return;
    }
    BigDecimal number = ((JsonNumber) value).bigDecimalValue();
    boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    boolean within =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!whole || !(within || number.compareTo(BigDecimal.valueOf(exception)) == 0)) {
      add(
          field,
          "is %s, allowed is a whole number of %d %s%s"
              .formatted(
                  shortened(value),
                  least,
                  most == Long.MAX_VALUE ? "or more" : "to " + most,
                  exception < least ? ", or " + exception : ""));
    }
  }

  /** One of a closed set of texts. */
  void checkOneOf(String field, JsonValue value, Set<String> allowed) {
    if (isText(field, value) && !allowed.contains(((JsonString) value).getString())) {
      add(field, "is " + shortened(value) + ", allowed is " + String.join(", ", allowed));
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

  /** Numbers and names only come here, and either can be long. */
  private static String shortened(JsonValue value) {
    String text = value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
