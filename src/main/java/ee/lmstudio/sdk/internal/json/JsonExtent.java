package ee.lmstudio.sdk.internal.json;

import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * Follows JSON text that arrives in pieces, and detects when a value is complete. Only counts
 * brackets and does not check the syntax. Each character is read once, so that the cost is linear.
 */
public final class JsonExtent {
  /** An unfinished value that is nested deeper than this is not completed. */
  private static final int MAX_DEPTH = 64;

  private int depth;
  private boolean started;
  private boolean inString;
  private boolean escaped;

  /** Takes the next piece of the text. */
  public void feed(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      feed(piece.charAt(i));
    }
  }

  private void feed(char c) {
    if (inString) {
      boolean quoteEnds = !escaped && c == '"';
      escaped = !escaped && c == '\\';
      inString = !quoteEnds;
      return;
    }
    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {
        // White space, numbers and literals do not change where the value ends.
      }
    }
    started |= c > ' ';
  }

  /** Returns whether there is text and every bracket and every string in it is closed. */
  public boolean whole() {
    return started && depth <= 0 && !inString;
  }

  /**
   * Returns {@code cut} with its open string and brackets closed; empty if it is nested too deeply.
   * The result need not be valid JSON.
   */
  public static Optional<String> closed(String cut) {
    JsonExtent extent = new JsonExtent();
    StringBuilder closers = new StringBuilder();
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      int before = extent.depth;
      extent.feed(c);
      if (extent.depth > before) {
        closers.append(c == '{' ? '}' : ']');
      } else if (extent.depth < before && !closers.isEmpty()) {
        closers.setLength(closers.length() - 1);
      }
      if (closers.length() > MAX_DEPTH) {
        return Optional.empty();
      }
    }
    String text = extent.escaped ? cut.substring(0, cut.length() - 1) : cut;
    return Optional.of(text + (extent.inString ? "\"" : "") + closers.reverse());
  }

  /**
   * Returns the JSON value with which a cut text begins: with its last text as far as it arrived,
   * or else without its last field, which is incomplete. Empty if the text is not JSON.
   */
  public static Optional<JsonValue> begun(String cut) {
    return closed(cut)
        .flatMap(JsonText::read)
        .or(() -> closed(cut.substring(0, lastComma(cut))).flatMap(JsonText::read));
  }

  /** Returns the position of the last comma that is not in a string; 0 if there is none. */
  private static int lastComma(String json) {
    JsonExtent extent = new JsonExtent();
    int comma = 0;
    for (int i = 0; i < json.length(); i++) {
      extent.feed(json.charAt(i));
      comma = json.charAt(i) == ',' && !extent.inString ? i : comma;
    }
    return comma;
  }
}
