package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;
import static ee.lmstudio.simulator.JsonStringifier.quoted;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Renders an answer of {@code /v1/messages}, whole or as Anthropic's named events. No body of LM
 * Studio is recorded, so this follows Anthropic's description.
 *
 * @param generation the answer
 */
record MessageObject(Generation generation) {

  /** Returns the whole message. */
  JsonObject whole() {
    Draft draft = generation.draft();
    JsonArrayBuilder content = JSON.createArrayBuilder();
    if (!draft.reasoning().isEmpty()) {
      content.add(thinking(generation.reasoning()));
    }
    if (hasText()) {
      content.add(text(generation.text()));
    }
    draft.toolCall().ifPresent(call -> content.add(toolUse(call, parsed(call))));
    return message(content, JSON.createValue(stopReason()), stopSequence(), completionTokens());
  }

  /** Returns the events. Each one has its name as {@code type}. */
  List<Frame> events() {
    EventFrames frames = new EventFrames();
    Draft draft = generation.draft();
    int thoughts = draft.reasoning().size();
    int texts = thoughts + draft.content().size();
    int block = 0;
    JsonObject begun = message(JSON.createArrayBuilder(), JsonValue.NULL, JsonValue.NULL, 0);
    add(frames, generation.readyAt(), "message_start", fields().add("message", begun));
    if (thoughts > 0) {
      start(frames, generation.at(0), block, thinking(""));
      deltas(frames, 0, draft.reasoning(), block, "thinking_delta", "thinking");
      stop(frames, generation.at(thoughts), block++);
    }
    if (hasText()) {
      start(frames, generation.at(thoughts), block, text(""));
      deltas(frames, thoughts, draft.content(), block, "text_delta", "text");
      stop(frames, generation.at(texts), block++);
    }
    if (draft.toolCall().isPresent()) {
      Draft.ToolCall call = draft.toolCall().get();
      start(frames, generation.at(texts), block, toolUse(call, JsonValue.EMPTY_JSON_OBJECT));
      deltas(frames, texts, call.arguments(), block, "input_json_delta", "partial_json");
      stop(frames, generation.end(), block);
    }
    add(
        frames,
        generation.end(),
        "message_delta",
        fields()
            .add(
                "delta",
                fields().add("stop_reason", stopReason()).add("stop_sequence", stopSequence()))
            .add("usage", fields().add("output_tokens", completionTokens())));
    add(frames, generation.end(), "message_stop", fields());
    return frames;
  }

  private boolean hasText() {
    return generation.draft().toolCall().isEmpty() || !generation.draft().content().isEmpty();
  }

  private int completionTokens() {
    return generation.completionTokens();
  }

  private JsonObject message(
      JsonArrayBuilder content, JsonValue stopReason, JsonValue stopSequence, int outputTokens) {
    return fields()
        .add("id", generation.partId("msg_"))
        .add("type", "message")
        .add("role", "assistant")
        .add("model", generation.model().id())
        .add("content", content)
        .add("stop_reason", stopReason)
        .add("stop_sequence", stopSequence)
        .add(
            "usage",
            fields()
                .add("input_tokens", generation.request().promptTokens())
                .add("output_tokens", outputTokens))
        .build();
  }

  private String stopReason() {
    return switch (generation.draft().ending()) {
      case DONE -> "end_turn";
      case STOP_STRING -> "stop_sequence";
      case LENGTH -> "max_tokens";
      case TOOL_CALL -> "tool_use";
    };
  }

  private JsonValue stopSequence() {
    Optional<String> stop = generation.draft().stopText();
    return stop.isPresent() ? JSON.createValue(stop.get()) : JsonValue.NULL;
  }

  private static JsonObjectBuilder thinking(String text) {
    return fields().add("type", "thinking").add("thinking", text).add("signature", "");
  }

  private static JsonObjectBuilder text(String text) {
    return fields().add("type", "text").add("text", text);
  }

  private static JsonObjectBuilder toolUse(Draft.ToolCall call, JsonValue input) {
    return fields()
        .add("type", "tool_use")
        .add("id", call.id())
        .add("name", call.name())
        .add("input", input);
  }

  private static JsonObject parsed(Draft.ToolCall call) {
    try (JsonReader reader =
        JSON.createReader(new StringReader(String.join("", call.arguments())))) {
      return reader.readObject();
    }
  }

  private static void start(
      EventFrames frames, Duration at, int block, JsonObjectBuilder contentBlock) {
    JsonObjectBuilder event = fields().add("index", block).add("content_block", contentBlock);
    add(frames, at, "content_block_start", event);
  }

  private static void stop(EventFrames frames, Duration at, int block) {
    add(frames, at, "content_block_stop", fields().add("index", block));
  }

  private void deltas(
      EventFrames frames, int from, List<String> tokens, int block, String type, String field) {
    String start =
        "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":{\"type\":\"%s\",\"%s\":"
            .formatted(block, type, field);
    frames.addTokens(
        generation,
        from,
        tokens,
        (n, token) -> EventFrames.named("content_block_delta", start + quoted(token) + "}}"));
  }

  private static JsonObjectBuilder fields() {
    return JSON.createObjectBuilder();
  }

  private static void add(EventFrames frames, Duration at, String name, JsonObjectBuilder fields) {
    JsonObjectBuilder event = fields().add("type", name).addAll(fields);
    frames.add(at, EventFrames.named(name, event.build().toString()));
  }
}
