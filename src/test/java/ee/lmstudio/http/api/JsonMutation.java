package ee.lmstudio.http.api;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Changes the structure of a JSON text. The new text need not be JSON. */
final class JsonMutation {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-1",
          "1",
          "1.5",
          "1e400",
          "-1e400",
          "1e-400",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "1e1000000000",
          "1E+9",
          "0.1e1",
          "\"\"",
          "\" \"",
          "\"1\"",
          "\"true\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u0000\"",
          "\"\\u2028\\u0085\\u001b[31m\"",
          "\"data: x\\n\\nevent: y\"",
          "\"</script>\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "{\"\":null}",
          "[{}]",
          "{\"type\":null}",
          "[1,\"a\",null,{}]",
          "\"system\"",
          "\"tool\"",
          "\"json_object\"",
          "\"required\"",
          "\"image_url\"",
          "\"data:image/png;base64,\"",
          "\"data:image/png;base64,*\"",
          "\"http://127.0.0.1:1/x\"",
          // Not JSON:
          "NaN",
          "Infinity",
          "01",
          "+1",
          ".5",
          "1.",
          "tru",
          "'a'",
          "",
          ",",
          "\"\\x\"",
          "\"\n\"",
          "\"\\ud8\"",
          "/**/1",
          "undefined",
          "[1,]",
          "{\"a\":1,}",
          "{a:1}");
  private static final List<String> NAMES =
      List.of(
          "",
          " ",
          "\\ud800",
          "\\u0000",
          "__proto__",
          "role",
          "content",
          "messages",
          "prompt",
          "input",
          "stream",
          "model",
          "tools",
          "tool_calls",
          "function",
          "arguments",
          "index",
          "type",
          "id",
          "n",
          "stop",
          "stream_options",
          "include_usage",
          "response_format",
          "encoding_format",
          "tool_choice",
          "tool_call_id",
          "image_url",
          "url",
          "extra",
          "metadata",
          "max_tokens",
          "echo",
          "best_of",
          "instructions",
          "previous_response_id",
          "background");

  private static final int MOST_NODES = 20_000;

  private final Random random;

  /** Objects are lists of entries, so that names can repeat; all other values are text. */
  private record Node(List<Map.Entry<String, Object>> fields, List<Object> items) {
    static Node object() {
      return new Node(new ArrayList<>(), null);
    }

    static Node array() {
      return new Node(null, new ArrayList<>());
    }

    int size() {
      return fields == null ? items.size() : fields.size();
    }

    Object get(int i) {
      return fields == null ? items.get(i) : fields.get(i).getValue();
    }

    void set(int i, Object value) {
      if (fields == null) {
        items.set(i, value);
      } else {
        fields.get(i).setValue(value);
      }
    }
  }

  /** A place in the tree. */
  private record Slot(Node parent, int at) {}

  JsonMutation(Random random) {
    this.random = random;
  }

  /** Returns the changed text; empty if the text is not JSON. */
  Optional<String> of(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      Node root = Node.array();
      root.items.add(tree(reader.readValue()));
      change(root);
      StringBuilder changed = new StringBuilder();
      if (root.size() > 0) {
        write(root.get(0), changed);
      }
      return Optional.of(changed.toString());
    } catch (RuntimeException | StackOverflowError notJson) {
      return Optional.empty();
    }
  }

  private static Object tree(JsonValue value) {
    return switch (value.getValueType()) {
      case OBJECT -> {
        Node object = Node.object();
        value
            .asJsonObject()
            .forEach(
                (name, field) -> object.fields.add(new SimpleEntry<>(escaped(name), tree(field))));
        yield object;
      }
      case ARRAY -> {
        Node array = Node.array();
        value.asJsonArray().forEach(item -> array.items.add(tree(item)));
        yield array;
      }
      default -> value.toString();
    };
  }

  private static String escaped(String name) {
    String quoted = Json.createValue(name).toString();
    return quoted.substring(1, quoted.length() - 1);
  }

  private static void write(Object value, StringBuilder to) {
    if (!(value instanceof Node node)) {
      to.append(value);
      return;
    }
    to.append(node.fields == null ? '[' : '{');
    for (int i = 0; i < node.size(); i++) {
      to.append(i > 0 ? "," : "");
      if (node.fields != null) {
        to.append('"').append(node.fields.get(i).getKey()).append("\":");
      }
      write(node.get(i), to);
    }
    to.append(node.fields == null ? ']' : '}');
  }

  private static void slots(Node node, List<Slot> found) {
    for (int i = 0; i < node.size() && found.size() < MOST_NODES; i++) {
      found.add(new Slot(node, i));
      if (node.get(i) instanceof Node child) {
        slots(child, found);
      }
    }
  }

  private void change(Node root) {
    List<Slot> slots = new ArrayList<>();
    slots(root, slots);
    Slot slot = slots.get(random.nextInt(slots.size()));
    Slot other = slots.get(random.nextInt(slots.size()));
    Node parent = slot.parent;
    int at = slot.at;
    switch (random.nextInt(10)) {
      case 0 -> remove(slot);
      case 1 -> duplicate(slot);
      case 2 -> rename(slot);
      case 3 -> swap(slot, other);
      case 4 -> {
        StringBuilder copy = new StringBuilder();
        write(other.parent.get(other.at), copy);
        parent.set(at, copy.toString());
      }
      case 5 -> wrap(slot);
      case 6 -> {
        for (Slot any : slots) {
          if (random.nextInt(3) == 0 && !(any.parent.get(any.at) instanceof Node)) {
            any.parent.set(any.at, "null");
          }
        }
      }
      case 7 -> parent.set(at, large());
      default -> parent.set(at, oneOf(VALUES));
    }
  }

  private static void remove(Slot slot) {
    if (slot.parent.fields == null) {
      slot.parent.items.remove(slot.at);
    } else {
      slot.parent.fields.remove(slot.at);
    }
  }

  private void duplicate(Slot slot) {
    if (slot.parent.fields == null) {
      slot.parent.items.add(slot.parent.get(slot.at));
    } else {
      Object again = random.nextBoolean() ? slot.parent.get(slot.at) : oneOf(VALUES);
      slot.parent.fields.add(new SimpleEntry<>(slot.parent.fields.get(slot.at).getKey(), again));
    }
  }

  private void rename(Slot slot) {
    if (slot.parent.fields != null) {
      Object value = slot.parent.get(slot.at);
      String name = random.nextInt(10) == 0 ? "x".repeat(70_000) : oneOf(NAMES);
      slot.parent.fields.set(slot.at, new SimpleEntry<>(name, value));
    }
  }

  private static void swap(Slot one, Slot other) {
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    write(one.parent.get(one.at), first);
    write(other.parent.get(other.at), second);
    // As texts, because one of them may be inside the other one.
    one.parent.set(one.at, second.toString());
    other.parent.set(other.at, first.toString());
  }

  private void wrap(Slot slot) {
    int levels = 1 + random.nextInt(3);
    StringBuilder text = new StringBuilder();
    write(slot.parent.get(slot.at), text);
    boolean array = random.nextBoolean();
    String open = array ? "[" : "{\"" + oneOf(NAMES) + "\":";
    slot.parent.set(slot.at, open.repeat(levels) + text + (array ? "]" : "}").repeat(levels));
  }

  /** A value that is long or deep. */
  private String large() {
    int count = 1 << random.nextInt(17);
    return switch (random.nextInt(8)) {
      case 0 -> "\"" + "a".repeat(count) + "\"";
      case 1 -> "\"" + "\\ud83d\\ude00\\n".repeat(count / 8) + "\"";
      case 2 -> "[".repeat(count) + "]".repeat(count);
      case 3 -> "{\"a\":".repeat(count / 4) + "1" + "}".repeat(count / 4);
      case 4 -> "[" + "null,".repeat(count / 4) + "null]";
      case 5 -> "9".repeat(count) + (random.nextBoolean() ? ".5" : "e9");
      case 6 -> "[" + "{\"role\":\"user\",\"content\":\"a\"},".repeat(count / 32) + "{}]";
      default -> "[".repeat(60 + random.nextInt(10)) + "1" + "]".repeat(64);
    };
  }

  private String oneOf(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
