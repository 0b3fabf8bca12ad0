package ee.lmstudio.simulator;

import ee.lmstudio.simulator.writing.Question;
import ee.lmstudio.simulator.writing.Tokens;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.Set;

/**
 * The input of the model.
 *
 * @param question the last message of the user
 * @param toolResult the result of a tool, if that is the last message
 * @param tokens the number of tokens of the whole input
 */
record Prompt(Question question, Optional<String> toolResult, int tokens) {
  private static final int TOKENS_A_MESSAGE = 4;
  private static final int TOKENS_A_CHAT = 3;
  private static final int TOKENS_AN_IMAGE = 256;
  private static final Set<String> ROLES = Set.of("user", "assistant", "system", "tool");
  private static final String INVALID = "Invalid 'messages' in payload";

  /** Returns the prompt of a completion. */
  static Prompt ofText(JsonValue prompt) {
    if (prompt instanceof JsonArray several && !several.isEmpty()) {
      return ofText(several.get(0));
    }
    if (!(prompt instanceof JsonString text)) {
      throw Refusal.text(400, "'prompt' field is required");
    }
    return new Prompt(
        new Question(text.getString()), Optional.empty(), Tokens.estimate(text.getString()));
  }

  /** Returns the prompt of a chat. */
  static Prompt ofMessages(JsonValue value) {
    if (value == JsonValue.NULL) {
      throw Refusal.text(400, "'messages' field is required");
    }
    if (!(value instanceof JsonArray messages) || messages.isEmpty()) {
      throw Refusal.text(400, INVALID);
    }
    String asked = "";
    Optional<String> toolResult = Optional.empty();
    int tokens = TOKENS_A_CHAT;
    for (JsonValue item : messages) {
      JsonObject message = message(item);
      String role = message.getString("role");
      String text = text(message.getOrDefault("content", JsonValue.NULL));
      tokens += TOKENS_A_MESSAGE + tokens(text) + images(message) * TOKENS_AN_IMAGE;
      asked = role.equals("user") ? text : asked;
      toolResult = role.equals("tool") ? Optional.of(text) : Optional.empty();
    }
    return new Prompt(new Question(asked), toolResult, tokens);
  }

  static int tokens(String text) {
    return Tokens.estimate(text);
  }

  private static JsonObject message(JsonValue item) {
    if (!(item instanceof JsonObject message)) {
      throw Refusal.text(400, INVALID);
    }
    String role = message.get("role") instanceof JsonString name ? name.getString() : "undefined";
    if (!ROLES.contains(role)) {
      throw Refusal.text(
          400,
          "'messages' array must only contain objects with a 'role' field that is in [user,"
              + " assistant, system, tool]. Got '"
              + role
              + "'");
    }
    boolean answersNothing =
        role.equals("tool")
            && !(message.get("tool_call_id") instanceof JsonString id && !id.getString().isEmpty());
    boolean saysNothing = !message.containsKey("content") && !message.containsKey("tool_calls");
    if (answersNothing || saysNothing) {
      throw Refusal.text(400, INVALID);
    }
    return message;
  }

  private static String text(JsonValue content) {
    if (content instanceof JsonString text) {
      return text.getString();
    }
    if (content == JsonValue.NULL) {
      return "";
    }
    if (!(content instanceof JsonArray parts)) {
      throw Refusal.text(400, INVALID);
    }
    StringBuilder text = new StringBuilder();
    for (JsonValue part : parts) {
      if (part instanceof JsonObject object && object.get("text") instanceof JsonString words) {
        text.append(text.isEmpty() ? "" : "\n").append(words.getString());
      } else if (part instanceof JsonObject object && object.containsKey("image_url")) {
        requireImage(object.get("image_url"));
      } else {
        throw Refusal.text(400, INVALID);
      }
    }
    return text.toString();
  }

  /** LM Studio accepts PNG and JPEG as data URIs. It accepts neither addresses nor WebP. */
  private static void requireImage(JsonValue image) {
    boolean readable =
        image instanceof JsonObject object
            && object.get("url") instanceof JsonString url
            && url.getString().startsWith("data:image/")
            && !url.getString().startsWith("data:image/webp")
            && url.getString().contains(";base64,");
    if (!readable) {
      throw Refusal.text(400, "'url' field must be a base64 encoded image.");
    }
  }

  private static int images(JsonObject message) {
    return message.get("content") instanceof JsonArray parts
        ? (int) parts.stream().filter(part -> part.asJsonObject().containsKey("image_url")).count()
        : 0;
  }
}
