package ee.lmstudio.sdk.internal.json;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.error.ValidationException.Fault;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the faults of a request, one for each field, so that all of them are reported at once.
 * The first {@link #LISTED} are kept and the others only counted, because a refusal must stay small
 * and cheap whatever the request holds.
 */
public final class FieldFaults {
  /** Maximum number of faults that are kept. */
  static final int LISTED = 100;

  private static final int SHOWN = 40;
  private static final int LONGEST_FIELD = 200;

  /** State that all views of one request share. */
  private static final class Found {
    private final Map<String, String> listed = new LinkedHashMap<>();
    private int unlisted;
    private String hint = "Correct the field and send it again.";
  }

  private final Found found;
  private final String path;

  public FieldFaults() {
    this(new Found(), "");
  }

  private FieldFaults(Found found, String path) {
    this.found = found;
    this.path = path;
  }

  /** Returns a view whose faults are recorded here, with their fields below {@code field}. */
  public FieldFaults at(String field) {
    if (found.listed.size() == LISTED) {
      // Further faults are only counted, so their path is not needed.
      return this;
    }
    return new FieldFaults(found, join(path, field).toString());
  }

  /** Returns how many faults were found so far. */
  public int count() {
    return found.listed.size() + found.unlisted;
  }

  /** Returns the first faults that were found, at most {@link #LISTED}. */
  public List<Fault> listed() {
    return found.listed.entrySet().stream()
        .map(fault -> new Fault(fault.getKey(), fault.getValue()))
        .toList();
  }

  /** Records a fault, unless its field already has one. */
  public void add(CharSequence field, String reason) {
    if (found.listed.size() == LISTED) {
      found.unlisted++;
      return;
    }
    CharSequence whole = join(path, field);
    boolean fits = whole.length() <= LONGEST_FIELD;
    String shown = fits ? whole.toString() : shortened(whole);
    if (found.listed.putIfAbsent(shown, reason) != null && !fits) {
      // Two long fields can look the same once they are shortened.
      found.unlisted++;
    }
  }

  /** The hint of the last fault that has one becomes the exception's. */
  public void add(String field, String reason, String whatToDo) {
    add(field, reason);
    found.hint = whatToDo;
  }

  /** Records the number of faults that were found elsewhere and are not listed. */
  public void addUnlisted(int count) {
    found.unlisted += count;
  }

  private static CharSequence join(String path, CharSequence field) {
    if (path.isEmpty() || field.isEmpty()) {
      return path.isEmpty() ? field : path;
    }
    return field.charAt(0) == '[' ? path + field : path + "." + field;
  }

  /** Removes the middle, because the end of a path distinguishes the entries of a list. */
  private static String shortened(CharSequence field) {
    int half = LONGEST_FIELD / 2;
    int length = field.length();
    return field.subSequence(0, half) + "…" + field.subSequence(length - half, length);
  }

  /**
   * Does nothing if no fault was found.
   *
   * @throws ValidationException with every fault
   */
  public void throwIfAny() {
    if (count() == 0) {
      return;
    }
    List<Fault> listed = listed();
    Fault fault = listed.get(0);
    String message =
        (fault.field().isEmpty() ? "The request" : fault.field()) + ": " + fault.reason();
    if (count() > 1) {
      message = count() + " fields are wrong; the first is " + message;
    }
    throw new ValidationException(message, found.hint, listed, count());
  }

  /** Returns whether the value is present, and records a fault if it is not. */
  public boolean isThere(String field, JsonValue value) {
    boolean there = value != null && value != JsonValue.NULL;
    if (!there) {
      add(field, "is missing");
    }
    return there;
  }

  public boolean isText(String field, JsonValue value) {
    return is(value instanceof JsonString, field, "a string", value);
  }

  /** Checks that the value is a text with more than blanks in it. */
  public void checkFilled(String field, JsonValue value) {
    if (isText(field, value) && ((JsonString) value).getString().isBlank()) {
      add(field, "is blank");
    }
  }

  public boolean isObject(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.OBJECT, field, "an object", value);
  }

  public boolean isArray(String field, JsonValue value) {
    return is(value.getValueType() == JsonValue.ValueType.ARRAY, field, "an array", value);
  }

  public void checkBoolean(String field, JsonValue value) {
    is(value == JsonValue.TRUE || value == JsonValue.FALSE, field, "a boolean", value);
  }

  public void checkNumber(String field, JsonValue value, double least, double most) {
    if (is(value instanceof JsonNumber, field, "a number", value)) {
      double number = ((JsonNumber) value).doubleValue();
      if (!(number >= least && number <= most)) {
        add(
            field,
            "is " + shown(value) + "; it must be from " + plain(least) + " to " + plain(most));
      }
    }
  }

  /** Checks for a whole number from {@code least} to {@code most}, or {@code exception}. */
  public void checkWhole(String field, JsonValue value, long least, long most, long exception) {
    if (!is(value instanceof JsonNumber, field, "a whole number", value)) {
      return;
    }
    BigDecimal number = ((JsonNumber) value).bigDecimalValue();
    boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    boolean within =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!whole || !(within || number.compareTo(BigDecimal.valueOf(exception)) == 0)) {
      String range =
          most == Long.MAX_VALUE ? ", " + least + " or more" : " from " + least + " to " + most;
      add(
          field,
          "is "
              + shown(value)
              + "; it must be a whole number"
              + (least == Long.MIN_VALUE ? " of 64 bits" : range)
              + (exception < least ? ", or " + exception : ""));
    }
  }

  /** Checks for one of a closed set of texts. */
  public void checkOneOf(String field, JsonValue value, Set<String> allowed) {
    if (isText(field, value) && !allowed.contains(((JsonString) value).getString())) {
      add(field, "is " + shown(value) + "; it must be one of " + String.join(", ", allowed));
    }
  }

  private boolean is(boolean right, String field, String wanted, JsonValue value) {
    if (!right) {
      add(field, "is " + kind(value) + "; it must be " + wanted);
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

  /** Returns a number or a name, shortened because either can be long. */
  private static String shown(JsonValue value) {
    String text = value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
