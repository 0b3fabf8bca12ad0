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
    final StringBuilder name = new StringBuilder();
    final StringBuilder arguments = new StringBuilder();
    final JsonExtent extent = new JsonExtent();
    final Surrogates halves = new Surrogates();

    /** The number of the last array of fragments that had a fragment of this call. */
    int told;

    Parts(long place) {
      this.place = place;
    }

    boolean isNamed(String other) {
      return other.contentEquals(name);
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
  private int grown;
  private JsonArray placed = JsonValue.EMPTY_JSON_ARRAY;

  /**
   * Adds fragments.
   *
   * @param fragments {@code tool_calls} of a delta
   * @return by how many bytes the calls grew
   */
  public int add(JsonArray fragments) {
    arrays++;
    grown = 0;
    boolean right = true;
    JsonObject[] shown = new JsonObject[fragments.size()];
    for (int i = 0; i < shown.length; i++) {
      JsonObject fragment = fragments.getJsonObject(i);
      shown[i] = add(fragment);
      right &= shown[i] == fragment;
    }
    placed = right ? fragments : array(shown);
    return grown;
  }

  /**
   * {@return the fragments that were added last, such that a client may simply join them} Each has
   * the index of its call and arguments in text, and does not repeat an id or a name.
   */
  public JsonArray placed() {
    return placed;
  }

  private static JsonArray array(JsonObject[] fragments) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    for (JsonObject fragment : fragments) {
      all.add(fragment);
    }
    return all.build();
  }

  /** Adds a fragment. Returns it as {@link #placed()} has it: the same object if it is right. */
  private JsonObject add(JsonObject fragment) {
    JsonObject function = JsonText.object(fragment, "function");
    String id = JsonText.string(fragment, "id").orElse("");
    String name = JsonText.string(function, "name").orElse("");
    int before = calls.size();
    OptionalLong index = JsonText.whole(fragment, "index");
    latest = index.isPresent() ? at(index.getAsLong(), id, name) : withoutIndex(id, name);
    latest.told = arrays;
    grown += (calls.size() - before) * CALL_SIZE;

    boolean newId = !id.isEmpty() && latest.id.isEmpty();
    if (newId) {
      grown += Utf8.length(id);
      latest.id = id;
      byId.putIfAbsent(id, latest);
    }
    boolean newName = !name.isEmpty() && !latest.isNamed(name);
    if (newName) {
      grown += Utf8.length(name);
      latest.name.append(name);
    }
    String came = arguments(function);
    grown += Utf8.length(came);
    String arguments = latest.halves.join(came);
    latest.arguments.append(arguments);
    latest.extent.feed(arguments);

    boolean right =
        index.isPresent()
            && index.getAsLong() == latest.place
            && (newId || id.isEmpty())
            && (newName || name.isEmpty())
            && arguments == came
            && !(function.get("arguments") instanceof JsonObject);
    return right ? fragment : placed(fragment, newId ? id : "", newName ? name : "", arguments);
  }

  private JsonObject placed(JsonObject fragment, String id, String name, String arguments) {
    JsonObjectBuilder placed = JSON.createObjectBuilder(fragment).add("index", latest.place);
    if (id.isEmpty()) {
      placed.remove("id");
    }
    if (fragment.get("function") instanceof JsonObject function) {
      JsonObjectBuilder corrected = JSON.createObjectBuilder(function);
      if (name.isEmpty()) {
        corrected.remove("name");
      }
      if (!JsonText.isAbsent(function, "arguments")) {
        corrected.add("arguments", arguments);
      }
      placed.add("function", corrected);
    }
    return placed.build();
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
    return id.isEmpty() && !parts.name.isEmpty() && !parts.isNamed(name) && parts.extent.whole();
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
        && (parts.name.isEmpty() || parts.isNamed(name) && !parts.extent.whole());
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
      all.add(new ToolCall(id, parts.name.toString(), parts.arguments + parts.halves.rest()));
    }
    return all;
  }
}
