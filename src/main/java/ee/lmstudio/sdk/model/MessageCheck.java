package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/** Checks one message of a chat. Fields that are not named here pass as they are. */
final class MessageCheck {
  private final JsonObject message;
  private final FieldFaults faults = new FieldFaults();

  private MessageCheck(JsonObject message) {
    this.message = message;
  }

  /**
   * Does nothing if all is well.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  static void check(JsonObject message) {
    new MessageCheck(message).check();
  }

  private void check() {
    if (faults.isThere("role", message.get("role"))) {
      faults.checkOneOf("role", message.get("role"), Message.ROLES);
    }
    String role = JsonText.string(message, "role").orElse("");
    boolean calls = !JsonText.isAbsent(message, "tool_calls");
    if (calls) {
      toolCalls(message.get("tool_calls"), role);
    }
    if (!JsonText.isAbsent(message, "content")) {
      content(message.get("content"));
    } else if (!(calls && role.equals("assistant"))) {
      faults.add("content", "is missing");
    }
    if (!JsonText.isAbsent(message, "tool_call_id")) {
      faults.isText("tool_call_id", message.get("tool_call_id"));
    } else if (role.equals("tool")) {
      faults.add("tool_call_id", "is missing; a tool message names the call that it answers");
    }
    faults.throwIfAny();
  }

  private void content(JsonValue content) {
    if (content instanceof JsonString) {
      return;
    }
    if (!(content instanceof JsonArray parts)) {
      faults.add("content", "must be a string or an array of parts");
      return;
    }
    if (parts.isEmpty()) {
      faults.add("content", "is an empty array; at least one part is required");
    }
    for (int i = 0; i < parts.size(); i++) {
      String at = "content[" + i + "]";
      if (faults.isObject(at, parts.get(i))) {
        JsonObject part = parts.getJsonObject(i);
        faults.within(at, () -> ContentPart.of(part));
      }
    }
  }

  private void toolCalls(JsonValue calls, String role) {
    if (!role.equals("assistant") && !role.isEmpty()) {
      faults.add("tool_calls", "is allowed only in an assistant message");
      return;
    }
    if (!faults.isArray("tool_calls", calls)) {
      return;
    }
    JsonArray all = calls.asJsonArray();
    for (int i = 0; i < all.size(); i++) {
      String at = "tool_calls[" + i + "]";
      if (faults.isObject(at, all.get(i))) {
        toolCall(at + ".function", all.getJsonObject(i).get("function"));
      }
    }
  }

  private void toolCall(String path, JsonValue function) {
    if (!faults.isThere(path, function) || !faults.isObject(path, function)) {
      return;
    }
    for (String name : new String[] {"name", "arguments"}) {
      JsonValue value = function.asJsonObject().get(name);
      if (faults.isThere(path + "." + name, value)) {
        faults.isText(path + "." + name, value);
      }
    }
  }
}
