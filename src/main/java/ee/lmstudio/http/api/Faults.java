package ee.lmstudio.http.api;

import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the faults of a body, one for each field, so that all of them are reported at once. The
 * first {@link #LISTED} are kept and the others only counted, so that a refusal stays small.
 */
final class Faults {
  /** Maximum number of faults that a refusal lists. */
  static final int LISTED = 100;

  private static final int LONGEST_FIELD = 200;

  private final Map<String, String> byField = new LinkedHashMap<>();
  private int unlisted;

  /** Records a fault, unless its field already has one. */
  void add(CharSequence field, String message) {
    if (byField.size() == LISTED) {
      unlisted++;
      return;
    }
    boolean fits = field.length() <= LONGEST_FIELD;
    String shown = fits ? field.toString() : shortened(field);
    if (byField.putIfAbsent(shown, message) != null && !fits) {
      // Two long fields can look the same once they are shortened.
      unlisted++;
    }
  }

  /** Removes the middle, because the end of a path distinguishes the entries of a list. */
  private static String shortened(CharSequence field) {
    int half = LONGEST_FIELD / 2;
    int length = field.length();
    return field.subSequence(0, half) + "…" + field.subSequence(length - half, length);
  }

  /** Records the number of faults that were found elsewhere and are not listed. */
  void addUnlisted(int count) {
    unlisted += count;
  }

  boolean any() {
    return !byField.isEmpty();
  }

  /** Returns the refusal of the body. At least one fault must have been recorded. */
  ApiException refusal() {
    return ApiException.wrongFields(
        byField.entrySet().stream()
            .map(fault -> new Detail(fault.getKey(), fault.getValue()))
            .toList(),
        unlisted);
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
