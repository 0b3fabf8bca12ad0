package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;

/** Renders a generation as one JSON body, in the format of the simulated version. */
final class PlainAnswer {
  private final Generation generation;
  private final boolean v0;

  /**
   * @param v0 whether the route is below {@code /api/v0}, which adds statistics
   */
  PlainAnswer(Generation generation, boolean v0) {
    this.generation = generation;
    this.v0 = v0;
  }

  String chat() {
    JsonObjectBuilder choice = JSON.createObjectBuilder().add("index", 0);
    String finishReason = draft().ending().finishReason();
    if (current()) {
      choice
          .add("message", currentMessage())
          .add("logprobs", JsonValue.NULL)
          .add("finish_reason", finishReason);
    } else if (generation.version().hasFingerprint()) {
      choice
          .add("logprobs", JsonValue.NULL)
          .add("finish_reason", finishReason)
          .add("message", olderMessage());
    } else {
      choice.add("message", olderMessage()).add("finish_reason", finishReason);
    }
    return render("chat.completion", choice);
  }

  String completion() {
    JsonObjectBuilder choice =
        JSON.createObjectBuilder()
            .add("index", 0)
            .add("text", String.join("", draft().content()))
            .add("logprobs", JsonValue.NULL)
            .add("finish_reason", draft().ending().finishReason());
    return render("text_completion", choice);
  }

  private Draft draft() {
    return generation.draft();
  }

  /** The recordings of {@code /api/v0} are of 0.3. Newer versions are assumed to be the same. */
  private boolean current() {
    return generation.version().isCurrent() && !v0;
  }

  private String render(String object, JsonObjectBuilder choice) {
    JsonObjectBuilder body =
        JSON.createObjectBuilder()
            .add("id", generation.id())
            .add("object", object)
            .add("created", generation.created().getEpochSecond())
            .add("model", generation.model().id())
            .add("choices", JSON.createArrayBuilder().add(choice))
            .add("usage", v0 ? withoutDetails(generation.usage()) : generation.usage());
    if (v0) {
      body.add("stats", stats()).add("model_info", modelInfo()).add("runtime", runtime());
    } else if (object.equals("chat.completion") && generation.version().hasFingerprint()) {
      if (current()) {
        body.add("stats", JsonValue.EMPTY_JSON_OBJECT);
      }
      body.add("system_fingerprint", generation.model().id());
    }
    return JsonStringifier.indented(body.build(), 2);
  }

  private static JsonObject withoutDetails(JsonObject usage) {
    return JSON.createObjectBuilder(usage).remove("completion_tokens_details").build();
  }

  private JsonObjectBuilder currentMessage() {
    JsonArrayBuilder calls = JSON.createArrayBuilder();
    draft()
        .toolCall()
        .ifPresent(
            call ->
                calls.add(
                    JSON.createObjectBuilder()
                        .add("type", "function")
                        .add("id", call.id())
                        .add("function", function(call))));
    return JSON.createObjectBuilder()
        .add("role", "assistant")
        .add("content", String.join("", draft().content()))
        .add("reasoning_content", String.join("", draft().reasoning()))
        .add("tool_calls", calls);
  }

  private JsonObjectBuilder olderMessage() {
    JsonObjectBuilder message = JSON.createObjectBuilder().add("role", "assistant");
    if (draft().toolCall().isEmpty()) {
      message.add("content", String.join("", draft().content()));
    }
    if (!draft().reasoning().isEmpty()) {
      message.add("reasoning_content", String.join("", draft().reasoning()));
    }
    draft()
        .toolCall()
        .ifPresent(
            call ->
                message.add(
                    "tool_calls",
                    JSON.createArrayBuilder()
                        .add(
                            JSON.createObjectBuilder()
                                .add("id", call.id())
                                .add("type", "function")
                                .add("function", function(call)))));
    return message;
  }

  private static JsonObjectBuilder function(Draft.ToolCall call) {
    return JSON.createObjectBuilder()
        .add("name", call.name())
        .add("arguments", String.join("", call.arguments()));
  }

  private JsonObjectBuilder stats() {
    Duration first = generation.settings().speed().firstToken();
    Duration writing = generation.end().minus(generation.at(0));
    return JSON.createObjectBuilder()
        .add("tokens_per_second", generation.settings().speed().tokensPerSecond())
        .add("time_to_first_token", first.toMillis() / 1000.0)
        .add("generation_time", writing.toMillis() / 1000.0)
        .add("stop_reason", draft().ending().stopReason());
  }

  private JsonObjectBuilder modelInfo() {
    return JSON.createObjectBuilder()
        .add("arch", "simulated")
        .add("quant", "Q4_K_M")
        .add("format", "gguf")
        .add("context_length", generation.model().contextLength());
  }

  private static JsonObjectBuilder runtime() {
    return JSON.createObjectBuilder()
        .add("name", "simulator")
        .add("version", "1.0.0")
        .add("supported_formats", JSON.createArrayBuilder().add("gguf"));
  }
}
