package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * The body of {@code /api/v1/chat}, which is also the {@code result} of {@code chat.end}.
 *
 * @param generation the answer
 * @param call the tool that was called before the answer
 * @param responseId the id by which a request can continue this chat; empty if it is not stored
 */
record NativeResult(Generation generation, Optional<McpCall> call, Optional<String> responseId) {

  JsonObject json() {
    Draft draft = generation.draft();
    JsonArrayBuilder output = JSON.createArrayBuilder();
    if (!draft.reasoning().isEmpty()) {
      output.add(item("reasoning", generation.reasoning()));
    }
    call.ifPresent(made -> output.add(item(made)));
    output.add(item("message", generation.text()));
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("model_instance_id", generation.model().id())
            .add("output", output)
            .add("stats", stats());
    responseId.ifPresent(id -> json.add("response_id", id));
    return json.build();
  }

  private static JsonObjectBuilder item(String type, String content) {
    return JSON.createObjectBuilder().add("type", type).add("content", content);
  }

  private static JsonObjectBuilder item(McpCall call) {
    boolean failed = call.failure().isPresent();
    return JSON.createObjectBuilder()
        .add("type", failed ? "invalid_tool_call" : "tool_call")
        .addAll(failed ? call.failed() : call.success());
  }

  private JsonObjectBuilder stats() {
    JsonObjectBuilder stats =
        JSON.createObjectBuilder()
            .add("input_tokens", generation.request().promptTokens())
            .add("total_output_tokens", generation.completionTokens())
            .add("reasoning_output_tokens", generation.draft().reasoning().size())
            .add("tokens_per_second", generation.settings().speed().tokensPerSecond())
            .add(
                "time_to_first_token_seconds", seconds(generation.settings().speed().firstToken()));
    if (wasLoaded()) {
      stats.add("model_load_time_seconds", seconds(generation.readyAt()));
    }
    return stats;
  }

  /** Returns whether the request had to wait until the model was loaded. */
  boolean wasLoaded() {
    return !generation.readyAt().isZero();
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
