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
 * Assembles tool calls from their fragments, in any order. Arguments are joined. The first id that
 * is not empty counts. A name that comes in pieces is joined, and a name that is repeated is not.
 * LM Studio 0.3.13 repeats an empty name in later fragments, ids can be missing, empty or late,
 * whole calls have no index, and some servers give all calls the same index. Not thread-safe.
 */
public final class ToolCallAssembler {
  /** Creates an assembler without calls. */
  public ToolCallAssembler() {}

  /**
   * Size that is counted for a call in addition to its texts, so that calls without text are
   * limited, too.
   */
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

  /** Calls by place. The place is the index, unless another call already has that index. */
  private final TreeMap<Long, Parts> calls = new TreeMap<>();

  /** The latest call of each index, to which further fragments with this index belong. */
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
   * @return the number of bytes by which the calls grew
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
   * {@return the fragments that were added last, in a form that a client can simply join} Each
   * fragment has the index of its call and its arguments as text, and does not repeat an id or a
   * name.
   */
  public JsonArray placed() {
    return placed;
  }

  /** {@return how many calls have begun} */
  public int size() {
    return calls.size();
  }

  private static JsonArray array(JsonObject[] fragments) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    for (JsonObject fragment : fragments) {
      all.add(fragment);
    }
    return all.build();
  }

  /**
   * Adds a fragment and returns it in the form of {@link #placed()}: the same object if it already
   * has this form.
   */
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

  /**
   * Returns the arguments as text. OpenAI's format has a text; some servers send the object itself.
   */
  private static String arguments(JsonObject function) {
    return function.get("arguments") instanceof JsonObject object
        ? object.toString()
        : JsonText.string(function, "arguments").orElse("");
  }

  /**
   * Returns the call with this index. Some servers give all calls the same index; for these, a name
   * with another id begins a new call, and so does another name after complete arguments.
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
   * Returns the call of a fragment without an index. A known id selects its call. A new id or a
   * name begins a call, unless the latest call still waits for it. Without both, the fragment
   * continues the latest call.
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
   * Returns whether the name belongs to the call. Within one array, each name is a separate call.
   * In a later array, a name may arrive late, or be repeated until the arguments are complete.
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
   * {@return the calls, sorted by index, at the end of the answer} A call without an id gets an id
   * that is made from its index.
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
