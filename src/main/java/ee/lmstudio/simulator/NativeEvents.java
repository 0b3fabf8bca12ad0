package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;
import static ee.lmstudio.simulator.JsonStringifier.quoted;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;

/**
 * Renders a native chat as named events, in the recorded order. If the model is loaded already,
 * {@code prompt_processing} is reported late, after the first text. Used by one thread.
 */
final class NativeEvents {
  private final NativeResult result;
  private final Generation generation;
  private final EventFrames frames = new EventFrames();

  NativeEvents(NativeResult result) {
    this.result = result;
    this.generation = result.generation();
  }

  List<Frame> frames() {
    String model = generation.model().id();
    Duration end = generation.end();
    int thoughts = generation.draft().reasoning().size();
    add(frames, Duration.ZERO, "chat.start", fields().add("model_instance_id", model));
    if (result.wasLoaded()) {
      load(frames, model, generation.readyAt());
      add(frames, generation.readyAt(), "prompt_processing.start", fields());
      add(frames, generation.at(0), "prompt_processing.end", fields());
    }
    if (thoughts > 0) {
      add(frames, generation.at(0), "reasoning.start", fields());
      deltas("reasoning.delta", 0, generation.draft().reasoning());
      add(frames, generation.at(thoughts), "reasoning.end", fields());
    }
    result.call().ifPresent(call -> call(call, generation.at(thoughts)));
    message(thoughts);
    add(frames, end, "message.end", fields());
    add(frames, end, "chat.end", fields().add("result", result.json()));
    return frames;
  }

  private void call(McpCall call, Duration at) {
    add(frames, at, "tool_call.start", call.start());
    if (call.failure().isPresent()) {
      add(frames, at, "tool_call.failure", call.failed());
    } else {
      add(frames, at, "tool_call.arguments", call.withArguments());
      add(frames, at, "tool_call.success", call.success());
    }
  }

  private void message(int from) {
    List<String> tokens = generation.draft().content();
    int early = Math.min(1, tokens.size());
    add(frames, generation.at(from), "message.start", fields());
    deltas("message.delta", from, tokens.subList(0, early));
    if (!result.wasLoaded()) {
      Duration at = generation.at(from + early);
      add(frames, at, "prompt_processing.progress", fields().add("progress", 1));
      add(frames, at, "prompt_processing.end", fields());
    }
    deltas("message.delta", from + early, tokens.subList(early, tokens.size()));
  }

  private void deltas(String name, int from, List<String> tokens) {
    String start = "{\"type\":" + quoted(name) + ",\"content\":";
    frames.addTokens(
        generation,
        from,
        tokens,
        (number, token) -> EventFrames.named(name, start + quoted(token) + "}"));
  }

  /** As recorded, and unlike the documentation, the progress does not name the model. */
  private static void load(EventFrames frames, String model, Duration readyAt) {
    add(frames, Duration.ZERO, "model_load.start", fields().add("model_instance_id", model));
    for (int quarter = 1; quarter < 4; quarter++) {
      Duration at = readyAt.multipliedBy(quarter).dividedBy(4);
      add(frames, at, "model_load.progress", fields().add("progress", quarter / 4.0));
    }
    add(
        frames,
        readyAt,
        "model_load.end",
        fields()
            .add("model_instance_id", model)
            .add("load_time_seconds", NativeResult.seconds(readyAt)));
  }

  /** Returns the events for a prompt that is too long: an error does not end the stream. */
  static List<Frame> failed(PromptTooLong tooLong) {
    EventFrames frames = new EventFrames();
    String model = tooLong.model().id();
    add(frames, Duration.ZERO, "chat.start", fields().add("model_instance_id", model));
    if (!tooLong.readyAt().isZero()) {
      load(frames, model, tooLong.readyAt());
    }
    add(frames, tooLong.readyAt(), "error", JSON.createObjectBuilder(error(tooLong)));
    JsonObjectBuilder empty =
        fields().add("model_instance_id", model).add("output", JSON.createArrayBuilder());
    add(frames, tooLong.readyAt(), "chat.end", fields().add("result", empty));
    return frames;
  }

  static JsonObject error(PromptTooLong tooLong) {
    return fields()
        .add("error", fields().add("type", "invalid_request").add("message", tooLong.getMessage()))
        .build();
  }

  private static JsonObjectBuilder fields() {
    return JSON.createObjectBuilder();
  }

  private static void add(EventFrames frames, Duration at, String name, JsonObjectBuilder fields) {
    JsonObjectBuilder event = fields().add("type", name).addAll(fields);
    frames.add(at, EventFrames.named(name, event.build().toString()));
  }
}
