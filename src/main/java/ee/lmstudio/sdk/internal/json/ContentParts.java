package ee.lmstudio.sdk.internal.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parts of a message whose {@code content} is not a string: an array of parts, or one
 * part. Text parts are joined to the text and thinking parts to the reasoning, in their order.
 */
public final class ContentParts {
  /** Maximum depth of parts within parts. */
  private static final int MAX_DEPTH = 4;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<JsonValue> others = new ArrayList<>();

  private ContentParts() {}

  /** Returns the parts of {@code content}; none if it is neither an array nor a part. */
  public static ContentParts of(JsonValue content) {
    ContentParts parts = new ContentParts();
    parts.add(content, parts.text, MAX_DEPTH);
    return parts;
  }

  /** Returns the text of all text parts. */
  public String text() {
    return text.toString();
  }

  /** Returns the text of all thinking parts. */
  public String reasoning() {
    return reasoning.toString();
  }

  /** Returns the parts of other kinds, such as references and images, unchanged. */
  public List<JsonValue> others() {
    return others;
  }

  private void add(JsonValue part, StringBuilder to, int depth) {
    switch (part) {
      case JsonString plain -> to.append(plain.getString());
      case JsonArray list when depth > 0 -> list.forEach(each -> add(each, to, depth - 1));
      case JsonObject object when depth > 0 -> add(object, to, depth - 1);
      default -> {
        if (part != JsonValue.NULL) {
          others.add(part);
        }
      }
    }
  }

  private void add(JsonObject part, StringBuilder to, int depth) {
    String type = JsonText.string(part, "type").orElse("text");
    switch (type) {
      case "text", "output_text", "summary_text", "reasoning_text" ->
          add(part.getOrDefault("text", JsonValue.NULL), to, depth);
      case "thinking", "reasoning" -> thinking(part, type, depth);
      default -> others.add(part);
    }
  }

  /**
   * Adds a thinking part, whose field has the name of the type, or {@code text}, {@code content} or
   * {@code summary}.
   */
  private void thinking(JsonObject part, String type, int depth) {
    for (String name : List.of(type, "text", "content", "summary")) {
      if (!JsonText.isAbsent(part, name)) {
        add(part.get(name), reasoning, depth);
        return;
      }
    }
  }
}
