package ee.lmstudio.simulator;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.StringJoiner;

/** Writes JSON as JavaScript's {@code JSON.stringify} does. */
final class JsonStringifier {
  /** Kept here, because each method of {@code Json} would search for the provider again. */
  static final JsonProvider JSON = JsonProvider.provider();

  private JsonStringifier() {}

  /** Returns {@code text} as a JSON string. Characters beyond ASCII are not escaped. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < ' ') {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** Returns {@code JSON.stringify(value, null, indent)}. */
  static String indented(JsonValue value, int indent) {
    return write(value, " ".repeat(indent), "\n");
  }

  private static String write(JsonValue value, String step, String newline) {
    String inner = newline + step;
    if (value instanceof JsonObject object) {
      if (object.isEmpty()) {
        return "{}";
      }
      StringJoiner members = new StringJoiner("," + inner, "{" + inner, newline + "}");
      object.forEach(
          (name, member) -> members.add(quoted(name) + ": " + write(member, step, inner)));
      return members.toString();
    }
    if (value instanceof JsonArray array) {
      if (array.isEmpty()) {
        return "[]";
      }
      StringJoiner items = new StringJoiner("," + inner, "[" + inner, newline + "]");
      array.forEach(item -> items.add(write(item, step, inner)));
      return items.toString();
    }
    return value instanceof JsonString text ? quoted(text.getString()) : value.toString();
  }
}
