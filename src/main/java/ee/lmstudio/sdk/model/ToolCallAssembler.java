package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Utf8;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts tool calls together from their fragments, whatever their order. LM Studio 0.3.13 repeats an
 * empty name in later fragments, ids can be missing, empty or late, whole calls have no index, and
 * some servers give all calls the same one. One thread at a time.
 */
public final class ToolCallAssembler {
  /** Nothing has come yet. */
  public ToolCallAssembler() {}

  /** What a call costs beside its texts, so that calls without text are bounded, too. */
  private static final int CALL_SIZE = 64;

  private static final class Parts {
    final long place;
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();

    /** Counts the arrays of fragments, up to the last one that said something of this call. */
    int told;

    Parts(long place) {
      this.place = place;
    }
  }

  /** By place, which is the index unless another call has that. */
  private final TreeMap<Long, Parts> calls = new TreeMap<>();

  /** The call that fragments with an index belong to: the latest that came with it. */
  private final Map<Long, Parts> byIndex = new TreeMap<>();

  private Parts latest;
  private int arrays;
  private JsonArray placed = JsonValue.EMPTY_JSON_ARRAY;

  /**
   * Adds fragments.
   *
   * @param fragments {@code tool_calls} of a delta
   * @return by how many bytes the calls grew
   */
  public int add(JsonArray fragments) {
    arrays++;
    int size = 0;
    boolean right = true;
    long[] places = new long[fragments.size()];
    for (int i = 0; i < places.length; i++) {
      JsonObject fragment = fragments.getJsonObject(i);
      size += add(fragment);
      places[i] = latest.place;
      right &= JsonText.whole(fragment, "index").equals(OptionalLong.of(latest.place));
    }
    placed = right ? fragments : placed(fragments, places);
    return size;
  }

  /** {@return the fragments that were added last, each with the index of its call} */
  public JsonArray placed() {
    return placed;
  }

  private static JsonArray placed(JsonArray fragments, long[] places) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    for (int i = 0; i < places.length; i++) {
      all.add(JSON.createObjectBuilder(fragments.getJsonObject(i)).add("index", places[i]));
    }
    return all.build();
  }

  private int add(JsonObject fragment) {
    JsonObject function = JsonText.object(fragment, "function");
    String id = JsonText.string(fragment, "id").orElse("");
    String name = JsonText.string(function, "name").orElse("");
    String arguments = arguments(function);
    int before = calls.size();
    OptionalLong index = JsonText.whole(fragment, "index");
    latest = index.isPresent() ? at(index.getAsLong(), id, name) : withoutIndex(id, name);
    latest.told = arrays;
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

  /** OpenAI's format has them as a text; some servers send the object itself. */
  private static String arguments(JsonObject function) {
    return function.get("arguments") instanceof JsonObject object
        ? object.toString()
        : JsonText.string(function, "arguments").orElse("");
  }

  /** The index decides, but for servers that do not count: another id with a name is a new call. */
  private Parts at(long index, String id, String name) {
    Parts parts = byIndex.get(index);
    if (parts == null) {
      parts = calls.get(index);
    }
    boolean another =
        parts != null
            && !name.isEmpty()
            && !id.isEmpty()
            && !parts.id.isEmpty()
            && !parts.id.equals(id);
    if (parts == null || another) {
      parts = begun(index);
    }
    byIndex.put(index, parts);
    return parts;
  }

  /**
   * A known id is its call; a new id or a name begins one, unless it comes late; else it goes on.
   */
  private Parts withoutIndex(String id, String name) {
    if (!id.isEmpty()) {
      for (Parts parts : calls.values()) {
        if (parts.id.equals(id)) {
          return parts;
        }
      }
    }
    boolean goesOn =
        latest != null
            && (id.isEmpty() || latest.id.isEmpty())
            && (name.isEmpty() || mayStillGetName(latest, name));
    return goesOn ? latest : begun(calls.isEmpty() ? 0 : calls.lastKey() + 1);
  }

  /** In one array each name is a call; later, a name may come late, or again until all is there. */
  private boolean mayStillGetName(Parts parts, String name) {
    return parts.told != arrays
        && (parts.name.isEmpty()
            || parts.name.equals(name) && JsonText.read(parts.arguments.toString()).isEmpty());
  }

  private Parts begun(long index) {
    long place = calls.containsKey(index) ? calls.lastKey() + 1 : index;
    Parts parts = new Parts(place);
    calls.put(place, parts);
    return parts;
  }

  /** {@return the calls so far, by index; an id that never came is made up from it} */
  public List<ToolCall> calls() {
    Set<String> taken = new HashSet<>();
    calls.values().forEach(parts -> taken.add(parts.id));
    List<ToolCall> all = new ArrayList<>();
    for (Parts parts : calls.values()) {
      String id = parts.id;
      for (String made = "call_" + parts.place; id.isEmpty(); made += "_") {
        id = taken.add(made) ? made : "";
      }
      all.add(new ToolCall(id, parts.name, parts.arguments.toString()));
    }
    return all;
  }
}
