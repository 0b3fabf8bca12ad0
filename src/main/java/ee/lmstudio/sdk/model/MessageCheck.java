package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;

/** Checks one message of a chat and its parts. Fields that are not named here pass unchecked. */
final class MessageCheck {
  private final JsonObject message;
  private final FieldFaults faults;

  private MessageCheck(JsonObject message, FieldFaults faults) {
    this.message = message;
    this.faults = faults;
  }

  static void check(FieldFaults faults, JsonObject message) {
    new MessageCheck(message, faults).check();
  }

  /** Checks a part of a message, by its type. */
  static void checkPart(FieldFaults faults, JsonObject part) {
    switch (JsonText.string(part, "type").orElse("")) {
      case "text" -> checkText(faults, part);
      case "image_url" -> checkImage(faults, part);
      default -> checkType(faults, part);
    }
  }

  static void checkText(FieldFaults faults, JsonObject part) {
    if (faults.isThere("text", part.get("text"))) {
      faults.isText("text", part.get("text"));
    }
  }

  static void checkImage(FieldFaults faults, JsonObject part) {
    if (faults.isThere("image_url", part.get("image_url"))
        && faults.isObject("image_url", part.get("image_url"))) {
      ImageRules.checkUrl(faults, "image_url.url", part.getJsonObject("image_url").get("url"));
    }
  }

  static void checkType(FieldFaults faults, JsonObject part) {
    if (faults.isThere("type", part.get("type"))) {
      faults.checkFilled("type", part.get("type"));
    }
  }

  private void check() {
    if (faults.isThere("role", message.get("role"))) {
      faults.checkOneOf("role", message.get("role"), Message.ROLES);
    }
    String role = JsonText.string(message, "role").orElse("");
    if (!JsonText.isAbsent(message, "tool_calls")) {
      toolCalls(message.get("tool_calls"), role);
    }
    if (!JsonText.isAbsent(message, "content")) {
      content(message.get("content"));
    } else if (!(role.equals("assistant") && saysMoreThanContent())) {
      faults.add("content", "is missing");
    }
    if (!JsonText.isAbsent(message, "tool_call_id")) {
      faults.isText("tool_call_id", message.get("tool_call_id"));
    } else if (role.equals("tool")) {
      faults.add("tool_call_id", "is missing; a tool message names the call that it answers");
    }
  }

  /** An assistant message can consist of tool calls, a refusal or other fields without content. */
  private boolean saysMoreThanContent() {
    return message.keySet().stream()
        .anyMatch(
            field ->
                !Set.of("role", "content", "name").contains(field)
                    && !JsonText.isAbsent(message, field));
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
        checkPart(faults.at(at), parts.getJsonObject(i));
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
        toolCall(faults.at(at), all.getJsonObject(i));
      }
    }
  }

  /** Checks a call of a function; calls of other types pass unchecked. */
  private static void toolCall(FieldFaults faults, JsonObject call) {
    boolean function =
        JsonText.isAbsent(call, "type")
            || JsonText.string(call, "type").filter("function"::equals).isPresent();
    JsonValue value = call.get("function");
    if (function && faults.isThere("function", value) && faults.isObject("function", value)) {
      for (String name : new String[] {"name", "arguments"}) {
        String field = "function." + name;
        if (faults.isThere(field, value.asJsonObject().get(name))) {
          faults.isText(field, value.asJsonObject().get(name));
        }
      }
    }
  }
}
