package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;

/**
 * One message of a chat, as OpenAI's format has it.
 *
 * @param json the whole message, with whatever fields it has; {@code role} is checked
 */
public record Message(JsonObject json) {
  /** The roles that a message can have. */
  public static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

  public Message {
    if (!ROLES.contains(string(json, "role"))) {
      throw ValidationException.of("role", "is " + json.get("role") + ", allowed is " + ROLES);
    }
  }

  /** What the model shall be or do. */
  public static Message system(String text) {
    return of("system", text);
  }

  /** What a person says. */
  public static Message user(String text) {
    return of("user", text);
  }

  /** What the model said before. */
  public static Message assistant(String text) {
    return of("assistant", text);
  }

  private static Message of(String role, String text) {
    return new Message(JSON.createObjectBuilder().add("role", role).add("content", text).build());
  }

  /** Who speaks: one of {@link #ROLES}. */
  public String role() {
    return json.getString("role");
  }

  /** All text of the message, its text parts joined; empty if it has none. */
  public String text() {
    JsonValue content = json.get("content");
    if (content instanceof JsonString text) {
      return text.getString();
    }
    StringBuilder joined = new StringBuilder();
    if (content != null && content.getValueType() == JsonValue.ValueType.ARRAY) {
      for (JsonValue part : content.asJsonArray()) {
        if (part instanceof JsonObject object) {
          joined.append(string(object, "text"));
        }
      }
    }
    return joined.toString();
  }

  private static String string(JsonObject object, String name) {
    return object.get(name) instanceof JsonString text ? text.getString() : "";
  }

  /** The role only: the text is somebody's. */
  @Override
  public String toString() {
    return "Message[" + role() + "]";
  }
}
