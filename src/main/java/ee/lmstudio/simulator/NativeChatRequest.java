package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a request to {@code /api/v1/chat}, and translates it into one to {@code
 * /v1/chat/completions}.
 *
 * @param body the request
 */
record NativeChatRequest(JsonBody body) {
  private static final Set<String> REASONING = Set.of("off", "low", "medium", "high", "on");
  private static final String CALL_ID = "100000000";

  /** Refuses a request that names no model. */
  NativeChatRequest {
    if (body.text("model").isEmpty()) {
      throw missing("model");
    }
  }

  /**
   * Returns the body of the chat.
   *
   * @param earlier the conversation that the request continues
   * @param called the tool that LM Studio calls before it answers
   * @throws Refusal if a field is missing or wrong
   */
  JsonObject toChat(JsonArray earlier, Optional<McpCall> called) {
    ChatRequestBuilder chat = new ChatRequestBuilder();
    chat.copy(body, "model", "model")
        .copy(body, "stream", "stream")
        .copy(body, "temperature", "temperature")
        .copy(body, "max_output_tokens", "max_tokens");
    reasoning(chat);
    body.text("system_prompt").ifPresent(text -> chat.message("system", text));
    chat.conversation(earlier);
    if (body.value("input") instanceof JsonString text) {
      chat.message("user", text);
    } else {
      chat.message("user", parts());
    }
    called.ifPresent(
        call -> {
          chat.toolCall(CALL_ID, call.tool(), call.arguments().toString());
          chat.toolResult(CALL_ID, call.text());
        });
    return chat.build();
  }

  /** Returns the text of the input. */
  Question question() {
    return new Question(
        body.text("input")
            .orElseGet(
                () ->
                    body.objects("input").stream()
                        .map(item -> item.text("content").orElse(""))
                        .collect(Collectors.joining("\n"))));
  }

  private void reasoning(ChatRequestBuilder chat) {
    if (body.value("reasoning") == JsonValue.NULL) {
      return;
    }
    String wanted = body.text("reasoning").orElse("");
    if (!REASONING.contains(wanted)) {
      throw Refusal.ofV1(
          "Invalid reasoning '" + wanted + "'. Supported values: off, low, medium, high, on",
          "invalid_value",
          "reasoning");
    }
    if (wanted.equals("off")) {
      chat.set("reasoning_effort", "none");
    }
  }

  /** The documentation calls an item with text both {@code message} and {@code text}. */
  private JsonValue parts() {
    if (body.objects("input").isEmpty()) {
      throw missing("input");
    }
    JsonArrayBuilder parts = JSON.createArrayBuilder();
    for (JsonBody item : body.objects("input")) {
      switch (item.text("type").orElse("")) {
        case "message", "text" ->
            parts.add(ChatRequestBuilder.text(item.text("content").orElse("")));
        case "image" -> parts.add(ChatRequestBuilder.image(item.text("data_url").orElse("")));
        default ->
            throw Refusal.ofV1(
                "Invalid type '" + item.text("type").orElse("") + "' in \"input\"",
                "invalid_value",
                "input");
      }
    }
    return parts.build();
  }

  private static Refusal missing(String field) {
    return Refusal.ofV1("\"" + field + "\" is required", "missing_required_parameter", field);
  }

  /** Returns whether the chat can be continued. Default: yes. */
  boolean stores() {
    return body.value("store") != JsonValue.FALSE;
  }
}
