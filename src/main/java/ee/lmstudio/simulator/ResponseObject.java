package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/**
 * Builds the object {@code response} of {@code /v1/responses}. Recorded: a response with text. The
 * other items follow OpenAI's description.
 *
 * @param generation the answer
 * @param request the request, many of whose fields are repeated
 * @param id {@code resp_…}
 */
record ResponseObject(Generation generation, JsonBody request, String id) {

  /** Returns the response before the first item. */
  JsonObject begun() {
    return render("in_progress", JsonValue.NULL, JSON.createArrayBuilder(), JsonValue.NULL);
  }

  /** Returns the whole response. */
  JsonObject completed() {
    long end = generation.created().plus(generation.end()).getEpochSecond();
    JsonArrayBuilder output = JSON.createArrayBuilder();
    if (hasReasoning()) {
      output.add(reasoning(generation.reasoning()));
    }
    if (hasMessage()) {
      output.add(message("completed", JSON.createArrayBuilder().add(text(generation.text()))));
    }
    generation
        .draft()
        .toolCall()
        .ifPresent(call -> output.add(call("completed", call, String.join("", call.arguments()))));
    return render(status(), JSON.createValue(end), output, usage());
  }

  boolean hasReasoning() {
    return !generation.draft().reasoning().isEmpty();
  }

  boolean hasMessage() {
    return generation.draft().toolCall().isEmpty() || !generation.draft().content().isEmpty();
  }

  /** Returns {@code completed}, or {@code incomplete} if the answer was cut. */
  String status() {
    return generation.draft().ending() == Draft.Ending.LENGTH ? "incomplete" : "completed";
  }

  String messageId() {
    return generation.partId("msg_");
  }

  String reasoningId() {
    return generation.partId("rs_");
  }

  String callId() {
    return generation.partId("fc_");
  }

  JsonObjectBuilder reasoning(String text) {
    JsonArrayBuilder content = JSON.createArrayBuilder();
    if (!text.isEmpty()) {
      content.add(JSON.createObjectBuilder().add("type", "reasoning_text").add("text", text));
    }
    return JSON.createObjectBuilder()
        .add("id", reasoningId())
        .add("type", "reasoning")
        .add("summary", JSON.createArrayBuilder())
        .add("content", content);
  }

  JsonObjectBuilder message(String status, JsonArrayBuilder content) {
    return JSON.createObjectBuilder()
        .add("id", messageId())
        .add("type", "message")
        .add("role", "assistant")
        .add("status", status)
        .add("content", content);
  }

  JsonObjectBuilder text(String text) {
    return JSON.createObjectBuilder()
        .add("type", "output_text")
        .add("text", text)
        .add("annotations", JSON.createArrayBuilder())
        .add("logprobs", JSON.createArrayBuilder());
  }

  JsonObjectBuilder call(String status, Draft.ToolCall call, String arguments) {
    return JSON.createObjectBuilder()
        .add("id", callId())
        .add("type", "function_call")
        .add("status", status)
        .add("arguments", arguments)
        .add("call_id", call.id())
        .add("name", call.name());
  }

  private JsonObject render(
      String status, JsonValue completedAt, JsonArrayBuilder output, JsonValue usage) {
    JsonObjectBuilder format =
        JSON.createObjectBuilder().add("format", JSON.createObjectBuilder().add("type", "text"));
    return JSON.createObjectBuilder()
        .add("id", id)
        .add("object", "response")
        .add("created_at", generation.created().getEpochSecond())
        .add("completed_at", completedAt)
        .add("status", status)
        .add("incomplete_details", incompleteDetails(status))
        .add("model", generation.model().id())
        .add("previous_response_id", request.value("previous_response_id"))
        .add("instructions", request.value("instructions"))
        .add("output", output)
        .add("error", JsonValue.NULL)
        .add("tools", otherwise("tools", JsonValue.EMPTY_JSON_ARRAY))
        .add("tool_choice", otherwise("tool_choice", JSON.createValue("auto")))
        .add("truncation", "auto")
        .add("parallel_tool_calls", true)
        .add("text", format)
        // Recorded: false, where OpenAI has a number.
        .add("top_p", otherwise("top_p", JsonValue.FALSE))
        .add("presence_penalty", number("presence_penalty", 0))
        .add("frequency_penalty", number("frequency_penalty", 0))
        .add("top_logprobs", number("top_logprobs", 0))
        .add("temperature", number("temperature", 1))
        .add(
            "reasoning",
            JSON.createObjectBuilder()
                .add("summary", JsonValue.NULL)
                .add("effort", request.inner("reasoning").value("effort")))
        .add("usage", usage)
        .add("max_output_tokens", request.value("max_output_tokens"))
        .add("max_tool_calls", JsonValue.NULL)
        .add("store", new ResponsesRequest(request).stores())
        .add("background", false)
        .add("service_tier", "default")
        .add("metadata", otherwise("metadata", JsonValue.EMPTY_JSON_OBJECT))
        .add("safety_identifier", JsonValue.NULL)
        .add("prompt_cache_key", JsonValue.NULL)
        .build();
  }

  private static JsonValue incompleteDetails(String status) {
    return status.equals("incomplete")
        ? JSON.createObjectBuilder().add("reason", "max_output_tokens").build()
        : JsonValue.NULL;
  }

  private JsonValue otherwise(String field, JsonValue value) {
    return request.value(field) == JsonValue.NULL ? value : request.value(field);
  }

  private JsonValue number(String field, int value) {
    return request.value(field) instanceof JsonNumber number ? number : JSON.createValue(value);
  }

  private JsonObject usage() {
    int input = generation.request().promptTokens();
    int output = generation.completionTokens();
    return JSON.createObjectBuilder()
        .add("input_tokens", input)
        .add("output_tokens", output)
        .add("total_tokens", input + output)
        .add("input_tokens_details", JSON.createObjectBuilder().add("cached_tokens", 0))
        .add(
            "output_tokens_details",
            JSON.createObjectBuilder()
                .add("reasoning_tokens", generation.draft().reasoning().size()))
        .build();
  }
}
