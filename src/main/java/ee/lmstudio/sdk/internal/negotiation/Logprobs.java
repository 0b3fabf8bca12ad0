package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins the {@code logprobs} of all chunks by concatenating their lists. */
final class Logprobs {
  private final Map<String, List<JsonValue>> lists = new LinkedHashMap<>();

  /** Adds the log probabilities of one chunk. */
  void add(JsonObject piece) {
    piece.forEach(
        (name, value) -> {
          if (value instanceof JsonArray list) {
            lists.computeIfAbsent(name, any -> new ArrayList<>()).addAll(list);
          }
        });
  }

  /** Returns all log probabilities; empty if there are none. */
  Optional<JsonObject> all() {
    if (lists.isEmpty()) {
      return Optional.empty();
    }
    JsonObjectBuilder all = JSON.createObjectBuilder();
    lists.forEach(
        (name, values) -> {
          JsonArrayBuilder list = JSON.createArrayBuilder();
          values.forEach(list::add);
          all.add(name, list);
        });
    return Optional.of(all.build());
  }
}
