package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.FieldFaults;
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
 * Holds the options of a generation. LM Studio chooses the value of each option that is not set.
 * The setters of {@link GenerationOptionsBuilder} describe the options.
 *
 * @param json the options in LM Studio's format, including unknown fields; known options are
 *     checked
 */
public record GenerationOptions(JsonObject json) {
  /** Options with no value set. */
  public static final GenerationOptions NONE = new GenerationOptions(JsonValue.EMPTY_JSON_OBJECT);

  /**
   * Checks the values.
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if a value is invalid; the message names the
   *     value
   */
  public GenerationOptions {
    FieldFaults faults = new FieldFaults();
    OptionChecks.check(faults, json);
    faults.throwIfAny();
  }

  /**
   * {@return the options read from {@code json}; every field is kept}
   *
   * @throws ee.lmstudio.sdk.error.ValidationException if an option is invalid; it lists all invalid
   *     options
   */
  public static GenerationOptions of(JsonObject json) {
    return new GenerationOptions(json);
  }

  /** {@return a builder with no option set} */
  public static GenerationOptionsBuilder builder() {
    return NONE.toBuilder();
  }

  /** {@return a builder with these options set} */
  public GenerationOptionsBuilder toBuilder() {
    return new GenerationOptionsBuilder(JSON.createObjectBuilder(json));
  }

  /** {@return the options as JSON in LM Studio's format; the same as {@link #json()}} */
  public JsonObject toJson() {
    return json;
  }

  /** {@return {@link GenerationOptionsBuilder#temperature}, if set} */
  public OptionalDouble temperature() {
    return number("temperature");
  }

  /** {@return {@link GenerationOptionsBuilder#topP}, if set} */
  public OptionalDouble topP() {
    return number("top_p");
  }

  /** {@return {@link GenerationOptionsBuilder#topK}, if set} */
  public OptionalLong topK() {
    return JsonText.whole(json, "top_k");
  }

  /** {@return {@link GenerationOptionsBuilder#minP}, if set} */
  public OptionalDouble minP() {
    return number("min_p");
  }

  /** {@return {@link GenerationOptionsBuilder#repeatPenalty}, if set} */
  public OptionalDouble repeatPenalty() {
    return number("repeat_penalty");
  }

  /** {@return {@link GenerationOptionsBuilder#presencePenalty}, if set} */
  public OptionalDouble presencePenalty() {
    return number("presence_penalty");
  }

  /** {@return {@link GenerationOptionsBuilder#frequencyPenalty}, if set} */
  public OptionalDouble frequencyPenalty() {
    return number("frequency_penalty");
  }

  /** {@return {@link GenerationOptionsBuilder#logitBias}; empty if not set} */
  public Map<String, Double> logitBias() {
    Map<String, Double> bias = new LinkedHashMap<>();
    JsonText.object(json, "logit_bias")
        .forEach((token, value) -> bias.put(token, ((JsonNumber) value).doubleValue()));
    return Map.copyOf(bias);
  }

  /** {@return whether log probabilities are requested, in either form} */
  public boolean logprobs() {
    JsonValue value = json.get("logprobs");
    return value == JsonValue.TRUE || value instanceof JsonNumber;
  }

  /** {@return {@link GenerationOptionsBuilder#topLogprobs}, if set} */
  public OptionalLong topLogprobs() {
    OptionalLong chat = JsonText.whole(json, "top_logprobs");
    return chat.isPresent() ? chat : JsonText.whole(json, "logprobs");
  }

  /** {@return {@link GenerationOptionsBuilder#seed}, if set} */
  public OptionalLong seed() {
    return JsonText.whole(json, "seed");
  }

  /** {@return {@link GenerationOptionsBuilder#stop}; empty if not set} */
  public List<String> stop() {
    return switch (json.get("stop")) {
      case JsonString text -> List.of(text.getString());
      case JsonArray texts ->
          texts.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
      case null, default -> List.of();
    };
  }

  /** {@return {@link GenerationOptionsBuilder#maxTokens}, if set} */
  public OptionalLong maxTokens() {
    return JsonText.whole(json, "max_tokens");
  }

  /** {@return {@link GenerationOptionsBuilder#maxCompletionTokens}, if set} */
  public OptionalLong maxCompletionTokens() {
    return JsonText.whole(json, "max_completion_tokens");
  }

  /** {@return {@link GenerationOptionsBuilder#bestOf}, if set} */
  public OptionalLong bestOf() {
    return JsonText.whole(json, "best_of");
  }

  /** {@return {@link GenerationOptionsBuilder#echo}; false if not set} */
  public boolean echo() {
    return json.get("echo") == JsonValue.TRUE;
  }

  /** {@return {@link GenerationOptionsBuilder#ttl}, if set} */
  public Optional<Duration> ttl() {
    OptionalLong seconds = JsonText.whole(json, "ttl");
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
        : Optional.empty();
  }

  /** {@return {@link GenerationOptionsBuilder#draftModel}, if set} */
  public Optional<String> draftModel() {
    return JsonText.string(json, "draft_model");
  }

  /** {@return {@link GenerationOptionsBuilder#reasoningEffort}, if set} */
  public Optional<ReasoningEffort> reasoningEffort() {
    return Stream.of(ReasoningEffort.values())
        .filter(effort -> says("reasoning_effort", effort.text()))
        .findAny();
  }

  /** {@return {@link GenerationOptionsBuilder#tools}; empty if not set} */
  public List<Tool> tools() {
    return json.get("tools") instanceof JsonArray tools
        ? tools.getValuesAs(JsonObject.class).stream().map(Tool::of).toList()
        : List.of();
  }

  /** {@return {@link GenerationOptionsBuilder#toolChoice}, if set} */
  public Optional<ToolChoice> toolChoice() {
    return Stream.of(ToolChoice.values())
        .filter(choice -> says("tool_choice", choice.text()))
        .findAny();
  }

  /** {@return {@link GenerationOptionsBuilder#responseFormat}, if set} */
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

  /** Returns the names of the options only, because tools and schemas may be private. */
  @Override
  public String toString() {
    return "GenerationOptions" + json.keySet();
  }
}
