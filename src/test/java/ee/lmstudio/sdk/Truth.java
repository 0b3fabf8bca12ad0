package ee.lmstudio.sdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;

/**
 * What the bytes of a stream say, whatever is wrong with them: read at leisure, whole, by other
 * means than the SDK's. The judge of what the SDK shows.
 */
final class Truth {
  /** How a stream of these bytes ends, if nothing follows them. */
  enum End {
    WHOLE,
    BROKEN,
    ERROR,
    WITHOUT_A_WORD
  }

  private final StringBuilder text = new StringBuilder();
  private String finishReason;
  private boolean calls;
  private boolean done;
  private boolean broken;
  private boolean error;

  private String event = "";
  private String data;

  private Truth() {}

  static Truth of(byte[] bytes) {
    Truth truth = new Truth();
    String all = new String(bytes, ISO_8859_1);
    if (all.startsWith("\u00EF\u00BB\u00BF")) {
      all = all.substring(3);
    }
    // What has no line end yet is no line.
    String[] lines = all.split("\r\n|\n|\r", -1);
    for (int i = 0; i < lines.length - 1 && !truth.over(); i++) {
      truth.line(lines[i]);
    }
    return truth;
  }

  private boolean over() {
    return done || broken || error;
  }

  private void line(String line) {
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (name) {
      case "data" -> data = data == null ? value : data + "\n" + value;
      case "event" -> event = value;
      case "error" -> error = true;
      default -> {
        // Comments, ids, and what nobody knows; but the rest of a chunk is none of them.
        if (name.startsWith("\"")) {
          broken();
        }
      }
    }
  }

  /** After the reason it is noise behind a whole answer. */
  private void broken() {
    broken = finishReason == null;
    done = !broken;
  }

  private void dispatch() {
    if (data != null) {
      String text = new String(data.getBytes(ISO_8859_1), UTF_8);
      switch (event) {
        case "", "message" -> chunk(text);
        case "error" -> error = true;
        default -> {
          // Lifecycle events.
        }
      }
    }
    data = null;
    event = "";
  }

  private void chunk(String json) {
    if (json.isEmpty()) {
      return; // As a proxy keeps a connection alive.
    }
    if (json.strip().equals("[DONE]")) {
      done = true;
      return;
    }
    try {
      add(object(json));
    } catch (RuntimeException noChunk) {
      broken();
    }
  }

  /** An object and nothing behind it. */
  private static JsonObject object(String json) {
    try (JsonParser parser = JsonText.parser(json)) {
      parser.next();
      JsonObject object = parser.getObject();
      if (parser.hasNext()) {
        throw new IllegalArgumentException("Something follows");
      }
      return object;
    }
  }

  private void add(JsonObject chunk) {
    if (chunk.containsKey("error") && !chunk.isNull("error")) {
      error = true;
      return;
    }
    if (chunk.get("choices") == null || chunk.getJsonArray("choices").isEmpty()) {
      return;
    }
    JsonObject choice = chunk.getJsonArray("choices").getJsonObject(0);
    StringBuilder piece = new StringBuilder();
    if (choice.get("delta") instanceof JsonObject delta) {
      piece.append(text(delta, "reasoning_content")).append(text(delta, "content"));
      if (delta.containsKey("tool_calls")) {
        calls = true;
        for (JsonValue call : delta.getJsonArray("tool_calls")) {
          JsonObject function = JsonText.object(call.asJsonObject(), "function");
          piece.append(function.getString("name", "")).append(function.getString("arguments", ""));
        }
      }
    }
    text.append(piece);
    if (choice.get("finish_reason") instanceof JsonString reason) {
      finishReason = reason.getString();
    }
  }

  private static String text(JsonObject delta, String name) {
    return delta.get(name) instanceof JsonString text ? text.getString() : "";
  }

  /** Reasoning, visible text and tool calls, in the order in which they come. */
  String text() {
    return text.toString();
  }

  String finishReason() {
    if (calls) {
      return "tool_calls";
    }
    return finishReason == null ? "stop" : finishReason;
  }

  /** Whether the stream says that nothing follows. */
  boolean done() {
    return done;
  }

  End end() {
    if (error) {
      return End.ERROR;
    }
    if (broken || (!done && finishReason == null)) {
      return End.BROKEN;
    }
    return finishReason == null && text.isEmpty() ? End.WITHOUT_A_WORD : End.WHOLE;
  }
}
