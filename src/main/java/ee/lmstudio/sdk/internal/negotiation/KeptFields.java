package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.TreeSize;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the fields of the chunks that are not part of the answer, with the last value of each name.
 * Their number and their size are limited, because each chunk could add other fields.
 */
final class KeptFields {
  static final int MAX_FIELDS = 100;

  /** Maximum estimated size in bytes. */
  static final int MAX_SIZE = 4 << 20;

  private static final int CHARACTER = 2;

  private final Map<String, JsonValue> fields = new LinkedHashMap<>();
  private long size;

  /** Adds the fields of a chunk. Fields beyond a limit are not kept. */
  void add(JsonObject more) {
    more.forEach(
        (name, value) -> {
          JsonValue old = fields.get(name);
          long growth = size(name, value) - (old == null ? 0 : size(name, old));
          boolean fits = old != null || fields.size() < MAX_FIELDS;
          if (fits && size + growth <= MAX_SIZE) {
            size += growth;
            fields.put(name, value);
          }
        });
  }

  private static long size(String name, JsonValue value) {
    return (long) CHARACTER * name.length() + TreeSize.of(value, CHARACTER);
  }

  JsonObject all() {
    JsonObjectBuilder all = JSON.createObjectBuilder();
    fields.forEach(all::add);
    return all.build();
  }
}
