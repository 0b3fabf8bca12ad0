package ee.lmstudio.rest.infer;

import ee.lmstudio.sdk.model.Message;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;

/** Checks the messages of a chat. Fields that are not named here pass as they are. */
final class MessageCheck {
  private final Faults faults;

  MessageCheck(Faults faults) {
    this.faults = faults;
  }

  void check(JsonArray messages) {
    if (messages.isEmpty()) {
      faults.add("messages", "is empty, must have at least one message");
    }
    for (int i = 0; i < messages.size(); i++) {
      String path = "messages[" + i + "]";
      if (faults.isObject(path, messages.get(i))) {
        message(path, messages.getJsonObject(i));
      }
    }
  }

  private void message(String path, JsonObject message) {
    String role = role(path + ".role", message.get("role"));
    boolean calls = present(message, "tool_calls");
    if (calls) {
      toolCalls(path + ".tool_calls", message.get("tool_calls"), role);
    }
    if (present(message, "content")) {
      content(path + ".content", message.get("content"));
    } else if (!(calls && role.equals("assistant"))) {
      faults.add(path + ".content", "is missing");
    }
    if (present(message, "tool_call_id")) {
      faults.isText(path + ".tool_call_id", message.get("tool_call_id"));
    } else if (role.equals("tool")) {
      faults.add(path + ".tool_call_id", "is missing: which call does this answer?");
    }
  }

  private String role(String path, JsonValue role) {
    if (role == null || role == JsonValue.NULL) {
      faults.add(path, "is missing");
      return "";
    }
    if (!faults.isText(path, role)) {
      return "";
    }
    String name = ((JsonString) role).getString();
    if (!Message.ROLES.contains(name)) {
      faults.add(path, "is %s, allowed is system, user, assistant or tool".formatted(role));
    }
    return name;
  }

  private void content(String path, JsonValue content) {
    if (content instanceof JsonString) {
      return;
    }
    if (!(content instanceof JsonArray parts)) {
      faults.add(path, "must be a string or an array of parts");
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      String at = path + "[" + i + "]";
      if (faults.isObject(at, parts.get(i))) {
        part(at, parts.getJsonObject(i));
      }
    }
  }

  private void part(String path, JsonObject part) {
    String type = part.get("type") instanceof JsonString text ? text.getString() : "";
    switch (type) {
      case "text" -> requireText(path + ".text", part.get("text"));
      case "image_url" -> image(path + ".image_url", part.get("image_url"));
      default -> faults.add(path + ".type", "must be text or image_url");
    }
  }

  private void image(String path, JsonValue image) {
    if (image == null || !faults.isObject(path, image)) {
      if (image == null) {
        faults.add(path, "is missing");
      }
      return;
    }
    JsonValue url = image.asJsonObject().get("url");
    if (requireText(path + ".url", url) && !((JsonString) url).getString().startsWith("data:")) {
      faults.add(path + ".url", "must be a data URI: LM Studio fetches no addresses");
    }
  }

  private void toolCalls(String path, JsonValue calls, String role) {
    if (!role.equals("assistant") && !role.isEmpty()) {
      faults.add(path, "is allowed only in a message of the assistant");
      return;
    }
    if (!faults.isArray(path, calls)) {
      return;
    }
    List<JsonValue> all = calls.asJsonArray();
    for (int i = 0; i < all.size(); i++) {
      String at = path + "[" + i + "]";
      if (faults.isObject(at, all.get(i))) {
        JsonValue function = all.get(i).asJsonObject().get("function");
        if (function == null) {
          faults.add(at + ".function", "is missing");
        } else if (faults.isObject(at + ".function", function)) {
          requireText(at + ".function.name", function.asJsonObject().get("name"));
          requireText(at + ".function.arguments", function.asJsonObject().get("arguments"));
        }
      }
    }
  }

  private boolean requireText(String path, JsonValue value) {
    if (value == null) {
      faults.add(path, "is missing");
      return false;
    }
    return faults.isText(path, value);
  }

  private static boolean present(JsonObject object, String name) {
    return object.get(name) != null && object.get(name) != JsonValue.NULL;
  }
}
