package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;
import static ee.lmstudio.simulator.JsonStringifier.quoted;

import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;

/**
 * Renders a response as named events, in OpenAI's order. Each event has its {@code
 * sequence_number}. There is no {@code [DONE]}. Used by one thread.
 */
final class ResponseEvents {
  private final ResponseObject response;
  private final Generation generation;
  private final EventFrames frames = new EventFrames();
  private int outputIndex;

  ResponseEvents(ResponseObject response) {
    this.response = response;
    this.generation = response.generation();
  }

  List<Frame> frames() {
    Duration ready = generation.readyAt();
    int thoughts = generation.draft().reasoning().size();
    int texts = thoughts + generation.draft().content().size();
    add(ready, "response.created", fields().add("response", response.begun()));
    add(ready, "response.in_progress", fields().add("response", response.begun()));
    if (response.hasReasoning()) {
      reasoning(generation.at(0), generation.at(thoughts));
    }
    if (response.hasMessage()) {
      message(generation.at(thoughts), generation.at(texts), thoughts);
    }
    generation.draft().toolCall().ifPresent(call -> call(call, texts));
    add(
        generation.end(),
        "response." + response.status(),
        fields().add("response", response.completed()));
    return frames;
  }

  private void reasoning(Duration start, Duration end) {
    String id = response.reasoningId();
    String text = generation.reasoning();
    item(start, "response.output_item.added", response.reasoning(""));
    deltas("response.reasoning_text.delta", id, 0, generation.draft().reasoning());
    add(end, "response.reasoning_text.done", part(id).add("text", text));
    item(end, "response.output_item.done", response.reasoning(text));
    outputIndex++;
  }

  private void message(Duration start, Duration end, int from) {
    String id = response.messageId();
    String text = generation.text();
    item(
        start,
        "response.output_item.added",
        response.message("in_progress", JSON.createArrayBuilder()));
    add(start, "response.content_part.added", part(id).add("part", response.text("")));
    deltas("response.output_text.delta", id, from, generation.draft().content());
    add(
        end,
        "response.output_text.done",
        part(id).add("text", text).add("logprobs", JSON.createArrayBuilder()));
    add(end, "response.content_part.done", part(id).add("part", response.text(text)));
    item(
        end,
        "response.output_item.done",
        response.message("completed", JSON.createArrayBuilder().add(response.text(text))));
    outputIndex++;
  }

  private void call(Draft.ToolCall call, int from) {
    String arguments = String.join("", call.arguments());
    item(generation.at(from), "response.output_item.added", response.call("in_progress", call, ""));
    String members =
        ",\"item_id\":" + quoted(response.callId()) + ",\"output_index\":" + outputIndex;
    String name = "response.function_call_arguments.delta";
    frames.addTokens(
        generation, from, call.arguments(), (n, token) -> delta(name, n, members, token));
    add(
        generation.end(),
        "response.function_call_arguments.done",
        fields()
            .add("item_id", response.callId())
            .add("output_index", outputIndex)
            .add("name", call.name())
            .add("arguments", arguments));
    item(
        generation.end(), "response.output_item.done", response.call("completed", call, arguments));
    outputIndex++;
  }

  private void deltas(String name, String itemId, int from, List<String> tokens) {
    String members =
        ",\"item_id\":"
            + quoted(itemId)
            + ",\"output_index\":"
            + outputIndex
            + ",\"content_index\":0";
    frames.addTokens(generation, from, tokens, (n, token) -> delta(name, n, members, token));
  }

  private static String delta(String name, int number, String members, String token) {
    String logprobs = name.contains("output_text") ? ",\"logprobs\":[]" : "";
    return EventFrames.named(
        name,
        "{\"type\":\"%s\",\"sequence_number\":%d%s,\"delta\":%s%s}"
            .formatted(name, number, members, quoted(token), logprobs));
  }

  private void item(Duration at, String name, JsonObjectBuilder item) {
    add(at, name, fields().add("output_index", outputIndex).add("item", item));
  }

  private JsonObjectBuilder part(String itemId) {
    return fields().add("item_id", itemId).add("output_index", outputIndex).add("content_index", 0);
  }

  private static JsonObjectBuilder fields() {
    return JSON.createObjectBuilder();
  }

  private void add(Duration at, String name, JsonObjectBuilder fields) {
    JsonObjectBuilder event =
        fields().add("type", name).add("sequence_number", frames.next()).addAll(fields);
    frames.add(at, EventFrames.named(name, event.build().toString()));
  }
}
