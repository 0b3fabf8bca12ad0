package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts tool calls together from their fragments, whatever their order. LM Studio 0.3.13 repeats an
 * empty name in later fragments, and ids can be missing or empty. One thread at a time.
 */
public final class ToolCallAssembler {
  private static final class Parts {
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();
  }

  private final TreeMap<Long, Parts> calls = new TreeMap<>();

  /** Adds fragments; returns how many characters of text they hold. */
  public int add(JsonArray fragments) {
    int size = 0;
    for (int i = 0; i < fragments.size(); i++) {
      size += add(fragments.getJsonObject(i), i);
    }
    return size;
  }

  private int add(JsonObject fragment, int position) {
    long index = JsonText.whole(fragment, "index").orElse(position);
    Parts parts = calls.computeIfAbsent(index, i -> new Parts());
    JsonText.string(fragment, "id").filter(id -> !id.isEmpty()).ifPresent(id -> parts.id = id);
    JsonObject function = JsonText.object(fragment, "function");
    JsonText.string(function, "name")
        .filter(name -> !name.isEmpty())
        .ifPresent(name -> parts.name = name);
    String arguments = JsonText.string(function, "arguments").orElse("");
    parts.arguments.append(arguments);
    return arguments.length() + parts.name.length();
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
