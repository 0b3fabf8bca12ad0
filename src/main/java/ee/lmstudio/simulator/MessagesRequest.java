package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.stream.Collectors;

/**
 * Reads a request to {@code /v1/messages}, and translates it into one to {@code
 * /v1/chat/completions}.
 *
 * @param body the request
 */
record MessagesRequest(JsonBody body) {

  /**
   * Returns the body of the chat.
   *
   * @throws Refusal if there are no messages
   */
  JsonObject toChat() {
    ChatRequestBuilder chat = new ChatRequestBuilder();
    chat.copy(body, "model", "model")
        .copy(body, "stream", "stream")
        .copy(body, "temperature", "temperature")
        .copy(body, "max_tokens", "max_tokens")
        .copy(body, "stop_sequences", "stop");
    if (body.inner("thinking").text("type").orElse("").equals("disabled")) {
      chat.set("reasoning_effort", "none");
    }
    tools(chat);
    String system = plain(body, "system");
    if (!system.isEmpty()) {
      chat.message("system", system);
    }
    if (body.objects("messages").isEmpty()) {
      throw Refusal.coded("'messages' is required", "messages", "missing_required_parameter");
    }
    body.objects("messages").forEach(message -> message(chat, message));
    return chat.build();
  }

  private void tools(ChatRequestBuilder chat) {
    JsonBody choice = body.inner("tool_choice");
    String type = choice.text("type").orElse("auto");
    String only = type.equals("tool") ? choice.text("name").orElse("") : "";
    for (JsonBody tool : body.objects("tools")) {
      String name = tool.text("name").orElse("");
      if (only.isEmpty() || only.equals(name)) {
        chat.tool(name, tool.value("input_schema"));
      }
    }
    switch (type) {
      case "any", "tool" -> chat.set("tool_choice", "required");
      case "none" -> chat.set("tool_choice", "none");
      default -> chat.set("tool_choice", "auto");
    }
  }

  /** Tool results become messages of their own, before the rest of the message. */
  private static void message(ChatRequestBuilder chat, JsonBody message) {
    String role = message.text("role").orElse("user");
    if (message.value("content") instanceof JsonString text) {
      chat.message(role, text);
      return;
    }
    JsonArrayBuilder parts = JSON.createArrayBuilder();
    for (JsonBody block : message.objects("content")) {
      switch (block.text("type").orElse("")) {
        case "text" -> parts.add(ChatRequestBuilder.text(block.text("text").orElse("")));
        case "image" -> parts.add(ChatRequestBuilder.image(imageUrl(block.inner("source"))));
        case "tool_use" ->
            chat.toolCall(
                block.text("id").orElse(""),
                block.text("name").orElse(""),
                block.value("input").toString());
        case "tool_result" ->
            chat.toolResult(block.text("tool_use_id").orElse(""), plain(block, "content"));
        default -> {
          // The thinking of an earlier answer is not part of the prompt.
        }
      }
    }
    JsonArray rest = parts.build();
    if (!rest.isEmpty()) {
      chat.message(role, rest);
    }
  }

  private static String imageUrl(JsonBody source) {
    return source
        .text("url")
        .orElseGet(
            () ->
                "data:"
                    + source.text("media_type").orElse("image/png")
                    + ";base64,"
                    + source.text("data").orElse(""));
  }

  /** Returns a field that is either a string or an array of blocks, as text. */
  private static String plain(JsonBody body, String field) {
    JsonValue value = body.value(field);
    return value instanceof JsonString text
        ? text.getString()
        : body.objects(field).stream()
            .map(block -> block.text("text").orElse(""))
            .collect(Collectors.joining("\n"));
  }
}
