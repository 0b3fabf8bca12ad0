package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Utf8;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Puts tool calls together from their fragments, whatever their order. LM Studio 0.3.13 repeats an
 * empty name in later fragments, ids can be missing or empty, and whole answers have no index. One
 * thread at a time.
 */
public final class ToolCallAssembler {
  /** What a call costs beside its texts, so that calls without text are bounded, too. */
  private static final int CALL_SIZE = 64;

  private static final class Parts {
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();
  }

  private final TreeMap<Long, Parts> calls = new TreeMap<>();
  private Parts latest;

  /** Adds fragments; returns by how many bytes the calls grew. */
  public int add(JsonArray fragments) {
    int size = 0;
    for (JsonValue fragment : fragments) {
      size += add(fragment.asJsonObject());
    }
    return size;
  }

  private int add(JsonObject fragment) {
    JsonObject function = JsonText.object(fragment, "function");
    String id = JsonText.string(fragment, "id").orElse("");
    String name = JsonText.string(function, "name").orElse("");
    String arguments = JsonText.string(function, "arguments").orElse("");
    int before = calls.size();
    latest = partsOf(JsonText.whole(fragment, "index"), id, name);
    int size = (calls.size() - before) * CALL_SIZE;
    if (!id.isEmpty()) {
      size += Utf8.length(id) - Utf8.length(latest.id);
      latest.id = id;
    }
    if (!name.isEmpty()) {
      size += Utf8.length(name) - Utf8.length(latest.name);
      latest.name = name;
    }
    latest.arguments.append(arguments);
    return size + Utf8.length(arguments);
  }

  /** Without an index: a known id is its call, a new id or a name begins one, else it goes on. */
  private Parts partsOf(OptionalLong index, String id, String name) {
    if (index.isPresent()) {
      return calls.computeIfAbsent(index.getAsLong(), i -> new Parts());
    }
    for (Parts parts : calls.values()) {
      if (!id.isEmpty() && parts.id.equals(id)) {
        return parts;
      }
    }
    if (latest != null && id.isEmpty() && name.isEmpty()) {
      return latest;
    }
    Map.Entry<Long, Parts> last = calls.lastEntry();
    Parts begun = new Parts();
    calls.put(last == null ? 0 : last.getKey() + 1, begun);
    return begun;
  }

  /** The calls so far, by index; an id that never came is made up from it. */
  public List<ToolCall> calls() {
    List<ToolCall> all = new ArrayList<>();
    calls.forEach(
        (index, parts) -> {
          String id = parts.id.isEmpty() ? "call_" + index : parts.id;
          all.add(new ToolCall(id, parts.name, parts.arguments.toString()));
        });
    return all;
  }
}
