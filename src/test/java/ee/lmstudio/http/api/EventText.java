package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an event stream as strictly as the HTTP contract describes it: {@code retry} first, then
 * frames of id, event and data, and comments. Anything else fails the test.
 */
public final class EventText {
  private static final String RETRY = "retry: 1000\n\n";
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());
  private static final Pattern FRAME =
      Pattern.compile("id: ([1-9]\\d*)\nevent: (\\w+)\ndata: (.+)");

  /** One event. */
  public record Event(int id, String name, JsonObject data) {
    public String text(String field) {
      return data.getString(field, "");
    }
  }

  private EventText() {}

  /** The events of a response that ended after a whole frame. */
  public static List<Event> events(String response) {
    assertThat(response).startsWith(RETRY).endsWith("\n\n");
    List<Event> events = new ArrayList<>();
    for (String block : response.substring(RETRY.length()).split("\n\n")) {
      if (!block.isEmpty() && !block.equals(": keep-alive")) {
        events.add(event(block));
      }
    }
    return events;
  }

  private static Event event(String block) {
    Matcher frame = FRAME.matcher(block);
    assertThat(frame.matches()).as("frame %s", block).isTrue();
    try (JsonReader reader = READERS.createReader(new StringReader(frame.group(3)))) {
      JsonObject data = reader.readObject();
      int id = Integer.parseInt(frame.group(1));
      assertThat(data.getInt("cursor")).as("cursor is the id").isEqualTo(id);
      assertThat(data).containsKeys("stream_id", "model_id", "prompt_hash");
      return new Event(id, frame.group(2), data);
    }
  }

  /** The text that a listener shows after these events. */
  public static String shown(List<Event> events) {
    StringBuilder shown = new StringBuilder();
    for (Event event : events) {
      switch (event.name()) {
        case "delta" -> shown.append(event.text("content"));
        case "reset" -> shown.setLength(0);
        case "snapshot" -> shown.replace(0, shown.length(), event.text("content"));
        default -> {
          // Changes no text.
        }
      }
    }
    return shown.toString();
  }

  /** The ids are 1, 2, 3 … */
  public static void assertWithoutGaps(List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).id()).isEqualTo(i + 1);
    }
  }

  public static List<String> names(List<Event> events) {
    return events.stream().map(Event::name).toList();
  }

  /** Where time is not the subject: a busy machine may let a second go by, which is told. */
  public static List<Event> withoutProgress(List<Event> events) {
    return events.stream().filter(event -> !event.name().equals("progress")).toList();
  }
}
