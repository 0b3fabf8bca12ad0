package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How a model shall generate. What is not set is left to LM Studio. Each option is described at its
 * setter in {@link GenerationOptionsBuilder}.
 *
 * @param json the options as LM Studio's JSON has them, other fields included; those that this
 *     project knows are checked
 */
public record GenerationOptions(JsonObject json) {
  /** Nothing set. */
  public static final GenerationOptions NONE = new GenerationOptions(JsonValue.EMPTY_JSON_OBJECT);

  public GenerationOptions {
    OptionChecks.check(json);
  }

  /**
   * The options that {@code json} has; every field of it is kept.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException with every wrong field
   */
  public static GenerationOptions of(JsonObject json) {
    return new GenerationOptions(json);
  }

  /** A builder with nothing set. */
  public static GenerationOptionsBuilder builder() {
    return NONE.toBuilder();
  }

  /** A builder with these options set. */
  public GenerationOptionsBuilder toBuilder() {
    return new GenerationOptionsBuilder(JSON.createObjectBuilder(json));
  }

  /** The options as LM Studio's JSON has them: the same as {@link #json()}. */
  public JsonObject toJson() {
    return json;
  }

  /** {@link GenerationOptionsBuilder#temperature}, if set. */
  public OptionalDouble temperature() {
    return number("temperature");
  }

  /** {@link GenerationOptionsBuilder#topP}, if set. */
  public OptionalDouble topP() {
    return number("top_p");
  }

  /** {@link GenerationOptionsBuilder#topK}, if set. */
  public OptionalLong topK() {
    return JsonText.whole(json, "top_k");
  }

  /** {@link GenerationOptionsBuilder#minP}, if set. */
  public OptionalDouble minP() {
    return number("min_p");
  }

  /** {@link GenerationOptionsBuilder#repeatPenalty}, if set. */
  public OptionalDouble repeatPenalty() {
    return number("repeat_penalty");
  }

  /** {@link GenerationOptionsBuilder#presencePenalty}, if set. */
  public OptionalDouble presencePenalty() {
    return number("presence_penalty");
  }

  /** {@link GenerationOptionsBuilder#frequencyPenalty}, if set. */
  public OptionalDouble frequencyPenalty() {
    return number("frequency_penalty");
  }

  /** {@link GenerationOptionsBuilder#logitBias}; empty if not set. */
  public Map<String, Double> logitBias() {
    Map<String, Double> bias = new LinkedHashMap<>();
    JsonText.object(json, "logit_bias")
        .forEach((token, value) -> bias.put(token, ((JsonNumber) value).doubleValue()));
    return Map.copyOf(bias);
  }

  /** Whether the probabilities of tokens are asked for, in either form. */
  public boolean logprobs() {
    JsonValue value = json.get("logprobs");
    return value == JsonValue.TRUE || value instanceof JsonNumber;
  }

  /** {@link GenerationOptionsBuilder#topLogprobs}, if set. */
  public OptionalLong topLogprobs() {
    OptionalLong chat = JsonText.whole(json, "top_logprobs");
    return chat.isPresent() ? chat : JsonText.whole(json, "logprobs");
  }

  /** {@link GenerationOptionsBuilder#seed}, if set. */
  public OptionalLong seed() {
    return JsonText.whole(json, "seed");
  }

  /** {@link GenerationOptionsBuilder#stop}; empty if not set. */
  public List<String> stop() {
    return switch (json.get("stop")) {
      case JsonString text -> List.of(text.getString());
      case JsonArray texts ->
          texts.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
      case null, default -> List.of();
    };
  }

  /** {@link GenerationOptionsBuilder#maxTokens}, if set. */
  public OptionalLong maxTokens() {
    return JsonText.whole(json, "max_tokens");
  }

  /** {@link GenerationOptionsBuilder#maxCompletionTokens}, if set. */
  public OptionalLong maxCompletionTokens() {
    return JsonText.whole(json, "max_completion_tokens");
  }

  /** {@link GenerationOptionsBuilder#bestOf}, if set. */
  public OptionalLong bestOf() {
    return JsonText.whole(json, "best_of");
  }

  /** {@link GenerationOptionsBuilder#echo}; false if not set. */
  public boolean echo() {
    return json.get("echo") == JsonValue.TRUE;
  }

  /** {@link GenerationOptionsBuilder#ttl}, if set. */
  public Optional<Duration> ttl() {
    OptionalLong seconds = JsonText.whole(json, "ttl");
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
        : Optional.empty();
  }

  /** {@link GenerationOptionsBuilder#draftModel}, if set. */
  public Optional<String> draftModel() {
    return JsonText.string(json, "draft_model");
  }

  /** {@link GenerationOptionsBuilder#reasoningEffort}, if set. */
  public Optional<ReasoningEffort> reasoningEffort() {
    return Stream.of(ReasoningEffort.values())
        .filter(effort -> says("reasoning_effort", effort.text()))
        .findAny();
  }

  /** {@link GenerationOptionsBuilder#tools}; empty if not set. */
  public List<Tool> tools() {
    return json.get("tools") instanceof JsonArray tools
        ? tools.getValuesAs(JsonObject.class).stream().map(Tool::of).toList()
        : List.of();
  }

  /** {@link GenerationOptionsBuilder#toolChoice}, if set. */
  public Optional<ToolChoice> toolChoice() {
    return Stream.of(ToolChoice.values())
        .filter(choice -> says("tool_choice", choice.text()))
        .findAny();
  }

  /** {@link GenerationOptionsBuilder#responseFormat}, if set. */
  public Optional<ResponseFormat> responseFormat() {
    return json.get("response_format") instanceof JsonObject format
        ? Optional.of(ResponseFormat.of(format))
        : Optional.empty();
  }

  private boolean says(String name, String word) {
    return JsonText.string(json, name).filter(word::equals).isPresent();
  }

  private OptionalDouble number(String name) {
    return json.get(name) instanceof JsonNumber number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** The names only: tools and schemas are somebody's. */
  @Override
  public String toString() {
    return "GenerationOptions" + json.keySet();
  }
}
