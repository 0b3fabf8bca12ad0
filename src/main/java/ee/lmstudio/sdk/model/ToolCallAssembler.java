package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Surrogates;
import ee.lmstudio.sdk.internal.json.Utf8;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts tool calls together from their fragments, whatever their order. Arguments are joined. The
 * first id that is not empty counts. A name that comes in pieces is joined, and a name that is
 * repeated is not. LM Studio 0.3.13 repeats an empty name in later fragments, ids can be missing,
 * empty or late, whole calls have no index, and some servers give all calls the same index. For use
 * by one thread at a time.
 */
public final class ToolCallAssembler {
  /** Nothing has come yet. */
  public ToolCallAssembler() {}

  /** What a call costs beside its texts, so that calls without text are bounded too. */
  private static final int CALL_SIZE = 64;

  private static final class Parts {
    final long place;
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();
    final JsonExtent extent = new JsonExtent();
    final Surrogates halves = new Surrogates();

    /** The number of the last array of fragments that had a fragment of this call. */
    int told;

    Parts(long place) {
      this.place = place;
    }
  }

  /** By place, which is the index unless another call has that. */
  private final TreeMap<Long, Parts> calls = new TreeMap<>();

  /** The call that fragments with an index belong to: the latest that came with it. */
  private final Map<Long, Parts> byIndex = new TreeMap<>();

  /** Only for fragments without an index. The first call with an id keeps it. */
  private final Map<String, Parts> byId = new HashMap<>();

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
    String[] arguments = new String[places.length];
    for (int i = 0; i < places.length; i++) {
      JsonObject fragment = fragments.getJsonObject(i);
      String came = arguments(JsonText.object(fragment, "function"));
      size += add(fragment, came);
      places[i] = latest.place;
      String whole = latest.halves.join(came);
      latest.arguments.append(whole);
      latest.extent.feed(whole);
      if (whole != came) {
        arguments[i] = whole;
        right = false;
      }
      right &= isAt(fragment, latest.place);
    }
    placed = right ? fragments : placed(fragments, places, arguments);
    return size;
  }

  private static boolean isAt(JsonObject fragment, long place) {
    OptionalLong index = JsonText.whole(fragment, "index");
    return index.isPresent() && index.getAsLong() == place;
  }

  /** {@return the fragments that were added last, each with the index of its call} */
  public JsonArray placed() {
    return placed;
  }

  /**
   * @param arguments what replaces the arguments of a fragment that begins or ends with half a
   *     character; null where nothing does
   */
  private static JsonArray placed(JsonArray fragments, long[] places, String[] arguments) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    for (int i = 0; i < places.length; i++) {
      JsonObject fragment = fragments.getJsonObject(i);
      JsonObjectBuilder placed = JSON.createObjectBuilder(fragment).add("index", places[i]);
      if (arguments[i] != null) {
        JsonObject function = JsonText.object(fragment, "function");
        placed.add("function", JSON.createObjectBuilder(function).add("arguments", arguments[i]));
      }
      all.add(placed);
    }
    return all.build();
  }

  private int add(JsonObject fragment, String arguments) {
    JsonObject function = JsonText.object(fragment, "function");
    String id = JsonText.string(fragment, "id").orElse("");
    String name = JsonText.string(function, "name").orElse("");
    int before = calls.size();
    OptionalLong index = JsonText.whole(fragment, "index");
    latest = index.isPresent() ? at(index.getAsLong(), id, name) : withoutIndex(id, name);
    latest.told = arrays;
    int size = (calls.size() - before) * CALL_SIZE;
    if (latest.id.isEmpty() && !id.isEmpty()) {
      size += Utf8.length(id);
      latest.id = id;
      byId.putIfAbsent(id, latest);
    }
    if (!name.isEmpty() && !name.equals(latest.name)) {
      size += Utf8.length(name);
      latest.name += name;
    }
    return size + Utf8.length(arguments);
  }

  /** OpenAI's format has arguments as a text; some servers send the object itself. */
  private static String arguments(JsonObject function) {
    return function.get("arguments") instanceof JsonObject object
        ? object.toString()
        : JsonText.string(function, "arguments").orElse("");
  }

  /**
   * The index decides, except for servers that give all calls the same one: there a name with
   * another id is a new call, and so is another name after whole arguments.
   */
  private Parts at(long index, String id, String name) {
    Parts parts = byIndex.get(index);
    if (parts == null) {
      parts = calls.get(index);
    }
    if (parts == null || (!name.isEmpty() && isAnother(parts, id, name))) {
      parts = begun(index);
    }
    byIndex.put(index, parts);
    return parts;
  }

  private static boolean isAnother(Parts parts, String id, String name) {
    if (!id.isEmpty() && !parts.id.isEmpty()) {
      return !parts.id.equals(id);
    }
    return id.isEmpty()
        && !name.equals(parts.name)
        && !parts.name.isEmpty()
        && parts.extent.whole();
  }

  /**
   * A known id belongs to its call. A new id or a name begins a call, unless it comes late. Without
   * both, the fragment continues the latest call.
   */
  private Parts withoutIndex(String id, String name) {
    Parts known = id.isEmpty() ? null : byId.get(id);
    if (known != null) {
      return known;
    }
    boolean goesOn =
        latest != null
            && (id.isEmpty() || latest.id.isEmpty())
            && (name.isEmpty() || mayStillGetName(latest, name));
    return goesOn ? latest : begun(calls.isEmpty() ? 0 : calls.lastKey() + 1);
  }

  /**
   * In one array, each name is a call. In a later array, a name may come late, or be repeated until
   * the arguments are whole.
   */
  private boolean mayStillGetName(Parts parts, String name) {
    return parts.told != arrays
        && (parts.name.isEmpty() || parts.name.equals(name) && !parts.extent.whole());
  }

  private Parts begun(long index) {
    long place = calls.containsKey(index) ? calls.lastKey() + 1 : index;
    Parts parts = new Parts(place);
    calls.put(place, parts);
    return parts;
  }

  /**
   * {@return the calls, by index, when nothing more comes} An id that never came is made up from
   * the index.
   */
  public List<ToolCall> calls() {
    Set<String> taken = new HashSet<>();
    calls.values().forEach(parts -> taken.add(parts.id));
    List<ToolCall> all = new ArrayList<>();
    for (Parts parts : calls.values()) {
      String id = parts.id;
      for (String made = "call_" + parts.place; id.isEmpty(); made += "_") {
        id = taken.add(made) ? made : "";
      }
      all.add(new ToolCall(id, parts.name, parts.arguments + parts.halves.rest()));
    }
    return all;
  }
}
