package ee.lmstudio.run;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.stream.JsonParser;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Remembers which caller has created which response that LM Studio stores. The number of ids is
 * limited. Above the limit, the caller with the most ids loses the oldest one. After a restart, all
 * ids are forgotten. For any thread.
 */
final class ResponseOwners {
  /** Maximum number of ids. */
  static final int MOST = 10_000;

  /** Maximum length of an id, in characters. Longer ids are not remembered. */
  static final int LONGEST_ID = 256;

  /**
   * The events that contain the whole response. The first of them comes before any text. The empty
   * name is that of an answer without a stream.
   */
  private static final Set<String> WITH_RESPONSE =
      Set.of(
          "",
          "response.created",
          "response.queued",
          "response.in_progress",
          "response.completed",
          "response.incomplete",
          "response.failed");

  // Guarded by this. The ids of each owner begin with the oldest one.
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, SequencedSet<String>> ids = new HashMap<>();

  /** Returns whether this caller has created the response. */
  synchronized boolean isOwner(String id, String caller) {
    return caller.equals(owners.get(id));
  }

  /** Notes that LM Studio has just created a response for this caller. */
  synchronized void created(String id, String caller) {
    if (id.length() > LONGEST_ID) {
      return;
    }
    forget(id);
    owners.put(id, caller);
    ids.computeIfAbsent(caller, first -> new LinkedHashSet<>()).add(id);
    if (owners.size() > MOST) {
      forget(ids.values().stream().max(Comparator.comparing(Set::size)).orElseThrow().getFirst());
    }
  }

  private void forget(String id) {
    String owner = owners.remove(id);
    if (owner != null) {
      ids.computeIfPresent(
          owner,
          (same, own) -> {
            own.remove(id);
            return own.isEmpty() ? null : own;
          });
    }
  }

  /**
   * Returns a receiver for one answer to this caller. The receiver takes the name and the data of
   * each event, or a whole answer with an empty name. It notes that the caller has created the
   * response, before a client can see the id.
   */
  BiConsumer<String, String> receiver(String caller) {
    boolean[] found = new boolean[1];
    return (name, data) -> {
      if (!found[0] && WITH_RESPONSE.contains(name)) {
        idOf(data)
            .ifPresent(
                id -> {
                  found[0] = true;
                  created(id, caller);
                });
      }
    };
  }

  /**
   * Returns the id of a response, or of the response in an event. A response can be large, so this
   * method does not build a tree, and stops reading at the id.
   */
  static Optional<String> idOf(String json) {
    int depth = 0;
    int responseDepth = 1;
    String name = "";
    // skipArray() would not return if the text ended within the array.
    try (JsonParser parser = JsonText.parser(json)) {
      while (parser.hasNext()) {
        JsonParser.Event event = parser.next();
        switch (event) {
          case KEY_NAME -> name = depth == responseDepth ? parser.getString() : name;
          case VALUE_STRING -> {
            if (depth == responseDepth && name.equals("id")) {
              return Optional.of(parser.getString());
            }
          }
          case START_OBJECT, START_ARRAY -> {
            if (depth == 1 && name.equals("response") && event == JsonParser.Event.START_OBJECT) {
              responseDepth = 2;
            }
            depth++;
          }
          case END_OBJECT, END_ARRAY -> {
            depth--;
            responseDepth = Math.min(responseDepth, Math.max(depth, 1));
          }
          default -> {
            // Such a value cannot be an id, and has no fields.
          }
        }
      }
    } catch (RuntimeException notJson) {
      // Parsson throws several types of exceptions. An answer that is not JSON is passed on, too.
    }
    return Optional.empty();
  }
}
