package ee.lmstudio.sdk.internal.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;

/** Estimates how much of the heap a JSON value takes. */
public final class TreeSize {
  /** Estimated size in bytes of a value or of a name without its characters. */
  private static final int VALUE = 100;

  private TreeSize() {}

  /**
   * Returns the estimated size in bytes.
   *
   * @param character bytes that are counted for each character of a text or name
   */
  public static long of(JsonValue value, int character) {
    return switch (value) {
      case JsonString text -> VALUE + (long) character * text.getString().length();
      case JsonArray array -> {
        long size = VALUE;
        for (JsonValue each : array) {
          size += of(each, character);
        }
        yield size;
      }
      case JsonObject object -> {
        long size = VALUE;
        for (Map.Entry<String, JsonValue> field : object.entrySet()) {
          size += VALUE + (long) character * field.getKey().length();
          size += of(field.getValue(), character);
        }
        yield size;
      }
      default -> VALUE;
    };
  }
}
