package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/**
 * Builds the body of {@code /v1/chat/completions} that asks for the same as a request to another
 * API. Used by one thread.
 */
final class ChatRequestBuilder {
  private final JsonObjectBuilder fields = JSON.createObjectBuilder();
  private final JsonArrayBuilder messages = JSON.createArrayBuilder();
  private final JsonArrayBuilder tools = JSON.createArrayBuilder();
  private boolean hasTools;

  /** Copies a field, if the other request has it. */
  ChatRequestBuilder copy(JsonBody from, String name, String as) {
    if (from.value(name) != JsonValue.NULL) {
      fields.add(as, from.value(name));
    }
    return this;
  }

  ChatRequestBuilder set(String name, JsonValue value) {
    fields.add(name, value);
    return this;
  }

  ChatRequestBuilder set(String name, String value) {
    fields.add(name, value);
    return this;
  }

  ChatRequestBuilder conversation(JsonArray earlier) {
    earlier.forEach(messages::add);
    return this;
  }

  ChatRequestBuilder message(String role, JsonValue content) {
    messages.add(JSON.createObjectBuilder().add("role", role).add("content", content));
    return this;
  }

  ChatRequestBuilder message(String role, String text) {
    return message(role, JSON.createValue(text));
  }

  ChatRequestBuilder toolCall(String id, String name, String arguments) {
    messages.add(
        JSON.createObjectBuilder()
            .add("role", "assistant")
            .add("content", "")
            .add("tool_calls", JSON.createArrayBuilder().add(call(id, name, arguments))));
    return this;
  }

  private static JsonObjectBuilder call(String id, String name, String arguments) {
    return JSON.createObjectBuilder()
        .add("id", id)
        .add("type", "function")
        .add("function", JSON.createObjectBuilder().add("name", name).add("arguments", arguments));
  }

  ChatRequestBuilder toolResult(String id, String result) {
    messages.add(
        JSON.createObjectBuilder()
            .add("role", "tool")
            .add("tool_call_id", id)
            .add("content", result));
    return this;
  }

  ChatRequestBuilder tool(String name, JsonValue schema) {
    hasTools = true;
    tools.add(
        JSON.createObjectBuilder()
            .add("type", "function")
            .add(
                "function",
                JSON.createObjectBuilder().add("name", name).add("parameters", schema)));
    return this;
  }

  JsonObject build() {
    if (hasTools) {
      fields.add("tools", tools);
    }
    return fields.add("messages", messages).build();
  }

  /** Returns a part of a message with text. */
  static JsonObject text(String text) {
    return JSON.createObjectBuilder().add("type", "text").add("text", text).build();
  }

  /** Returns a part of a message with an image. */
  static JsonObject image(String url) {
    return JSON.createObjectBuilder()
        .add("type", "image_url")
        .add("image_url", JSON.createObjectBuilder().add("url", url))
        .build();
  }

  /** Returns {@code messages} with the answer of the model behind them. */
  static JsonArray withAnswer(JsonValue messages, Draft draft) {
    JsonObjectBuilder answer =
        JSON.createObjectBuilder()
            .add("role", "assistant")
            .add("content", String.join("", draft.content()));
    draft
        .toolCall()
        .ifPresent(
            call ->
                answer.add(
                    "tool_calls",
                    JSON.createArrayBuilder()
                        .add(call(call.id(), call.name(), String.join("", call.arguments())))));
    return JSON.createArrayBuilder(messages.asJsonArray()).add(answer).build();
  }
}
