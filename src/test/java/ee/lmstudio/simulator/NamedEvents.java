package ee.lmstudio.simulator;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The named events of a stream.
 *
 * @param name the name
 * @param data the data
 */
record NamedEvents(String name, JsonObject data) {
  private static final Pattern EVENT = Pattern.compile("(?:event: ([^\\n]+)\\n)?data: ([^\\n]+)");

  static List<NamedEvents> of(SimulatorReply reply) {
    return of(Asking.body(reply));
  }

  /** An event without a name gets that of its {@code type}. */
  static List<NamedEvents> of(String stream) {
    Matcher events = EVENT.matcher(stream);
    return events
        .results()
        .map(
            event -> {
              JsonObject data = Asking.parsed(event.group(2));
              String name = event.group(1) == null ? data.getString("type") : event.group(1);
              return new NamedEvents(name, data);
            })
        .toList();
  }

  /** Returns the names, with one name for repeated ones. */
  static List<String> names(List<NamedEvents> events) {
    List<String> names = new ArrayList<>();
    for (NamedEvents event : events) {
      if (names.isEmpty() || !names.getLast().equals(event.name())) {
        names.add(event.name());
      }
    }
    return names;
  }
}
