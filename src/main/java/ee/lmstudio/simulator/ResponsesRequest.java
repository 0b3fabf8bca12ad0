package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * Reads a request to {@code /v1/responses}, and translates it into one to {@code
 * /v1/chat/completions}.
 *
 * @param body the request
 */
record ResponsesRequest(JsonBody body) {

  /**
   * Returns the body of the chat. Like LM Studio, it ignores {@code text.format}.
   *
   * @param earlier the conversation that the request continues
   * @throws Refusal if there is no input
   */
  JsonObject toChat(JsonArray earlier) {
    ChatRequestBuilder chat = new ChatRequestBuilder();
    chat.copy(body, "model", "model")
        .copy(body, "stream", "stream")
        .copy(body, "seed", "seed")
        .copy(body, "temperature", "temperature")
        .copy(body, "max_output_tokens", "max_tokens")
        .copy(body.inner("reasoning"), "effort", "reasoning_effort");
    tools(chat);
    body.text("instructions").ifPresent(text -> chat.message("system", text));
    chat.conversation(earlier);
    input(chat);
    return chat.build();
  }

  private void tools(ChatRequestBuilder chat) {
    JsonValue choice = body.value("tool_choice");
    // An object names the only tool that the model may call.
    String only = body.inner("tool_choice").text("name").orElse("");
    for (JsonBody tool : body.objects("tools")) {
      String name = tool.text("name").orElse("");
      if (tool.text("type").orElse("").equals("function")
          && (only.isEmpty() || only.equals(name))) {
        chat.tool(name, tool.value("parameters"));
      }
    }
    if (choice instanceof JsonObject) {
      chat.set("tool_choice", "required");
    } else {
      chat.copy(body, "tool_choice", "tool_choice");
    }
  }

  private void input(ChatRequestBuilder chat) {
    if (body.value("input") instanceof JsonString text) {
      chat.message("user", text);
      return;
    }
    if (!(body.value("input") instanceof JsonArray items) || items.isEmpty()) {
      throw Refusal.coded("'input' is required", "input", "missing_required_parameter");
    }
    body.objects("input").forEach(item -> item(chat, item));
  }

  private static void item(ChatRequestBuilder chat, JsonBody item) {
    switch (item.text("type").orElse("message")) {
      case "message" -> {
        String role = item.text("role").orElse("user");
        chat.message(role.equals("developer") ? "system" : role, content(item));
      }
      case "function_call" ->
          chat.toolCall(
              item.text("call_id").orElse(""),
              item.text("name").orElse(""),
              item.text("arguments").orElse("{}"));
      case "function_call_output" ->
          chat.toolResult(
              item.text("call_id").orElse(""),
              item.text("output").orElseGet(() -> item.value("output").toString()));
      case "reasoning" -> {
        // The reasoning of an earlier answer is not part of the prompt.
      }
      default ->
          throw Refusal.coded(
              "Invalid type '" + item.text("type").orElse("") + "' in 'input'",
              "input",
              "invalid_value");
    }
  }

  private static JsonValue content(JsonBody item) {
    if (!(item.value("content") instanceof JsonArray)) {
      return item.value("content");
    }
    JsonArrayBuilder parts = JSON.createArrayBuilder();
    for (JsonBody part : item.objects("content")) {
      parts.add(
          part.text("image_url")
              .map(ChatRequestBuilder::image)
              .orElseGet(() -> ChatRequestBuilder.text(part.text("text").orElse(""))));
    }
    return parts.build();
  }

  /** Returns whether the response can be continued. Default: yes. */
  boolean stores() {
    return body.value("store") != JsonValue.FALSE;
  }
}
