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
 * limited; when it is reached, the caller with the most ids loses the oldest one. A restart forgets
 * all of them. For any thread.
 */
final class ResponseOwners {
  /** Maximum number of ids. */
  static final int MOST = 10_000;

  /** A longer id is not remembered. OpenAI's have about 60 characters. */
  static final int LONGEST_ID = 256;

  /** The events that have the whole response, of which the first one comes before any text. */
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

  /** Notes that LM Studio has created a response for this caller, just now. */
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
   * Returns a receiver for the events of one answer, each with its name and its data, or for a
   * whole answer without a name. It notes who has created the response before a client can see its
   * id.
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
   * Returns the id of a response, or of the response in an event. Builds no tree, because a
   * response can be large, and reads only as far as necessary.
   */
  static Optional<String> idOf(String json) {
    int depth = 0;
    int responseDepth = 1;
    String name = "";
    // Not skipArray(), which does not return if the text ends within the array.
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
            // A value without fields.
          }
        }
      }
    } catch (RuntimeException notJson) {
      // Parsson throws several types. LM Studio's answer passes unchanged, whatever it is.
    }
    return Optional.empty();
  }
}
