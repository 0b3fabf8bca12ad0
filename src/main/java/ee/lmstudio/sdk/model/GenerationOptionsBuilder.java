package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Builds {@link GenerationOptions}. What is not set is left to LM Studio. Not for use by several
 * threads at once.
 */
public final class GenerationOptionsBuilder {
  private final JsonObjectBuilder json;

  GenerationOptionsBuilder(JsonObjectBuilder json) {
    this.json = json;
  }

  /**
   * How freely the next token is chosen, 0 to 2. 0 takes the likeliest.
   *
   * @param value 0 to 2
   * @return this builder
   */
  public GenerationOptionsBuilder temperature(double value) {
    return number("temperature", value);
  }

  /**
   * Only the likeliest tokens that together have this probability, 0 to 1.
   *
   * @param value 0 to 1
   * @return this builder
   */
  public GenerationOptionsBuilder topP(double value) {
    return number("top_p", value);
  }

  /**
   * Only so many of the likeliest tokens, 0 or more.
   *
   * @param value 0 or more; 0 for no bound
   * @return this builder
   */
  public GenerationOptionsBuilder topK(long value) {
    return whole("top_k", value);
  }

  /**
   * Only tokens of at least this share of the likeliest one's probability, 0 to 1.
   *
   * @param value 0 to 1
   * @return this builder
   */
  public GenerationOptionsBuilder minP(double value) {
    return number("min_p", value);
  }

  /**
   * Divides the chances of tokens that were there before; 1 does nothing, 0 or more.
   *
   * @param value 0 or more
   * @return this builder
   */
  public GenerationOptionsBuilder repeatPenalty(double value) {
    return number("repeat_penalty", value);
  }

  /**
   * Takes this from the chances of tokens that were there before, -2 to 2.
   *
   * @param value -2 to 2
   * @return this builder
   */
  public GenerationOptionsBuilder presencePenalty(double value) {
    return number("presence_penalty", value);
  }

  /**
   * Takes this from the chances of tokens for each time that they were there, -2 to 2.
   *
   * @param value -2 to 2
   * @return this builder
   */
  public GenerationOptionsBuilder frequencyPenalty(double value) {
    return number("frequency_penalty", value);
  }

  /**
   * What to add to the chances of tokens, by their number in the model: -100 to 100.
   *
   * @param value by token number, each -100 to 100
   * @return this builder
   */
  public GenerationOptionsBuilder logitBias(Map<String, Double> value) {
    JsonObjectBuilder bias = JSON.createObjectBuilder();
    value.forEach((token, by) -> bias.add(token, finite("logit_bias." + token, by)));
    json.add("logit_bias", bias);
    return this;
  }

  /**
   * Whether a chat's answer shall say how likely its tokens were.
   *
   * @param value true or false of a chat; 0 to 5 of a text
   * @return this builder
   */
  public GenerationOptionsBuilder logprobs(boolean value) {
    json.add("logprobs", value);
    return this;
  }

  /**
   * The same for a text that is continued: with so many likely tokens at each place, 0 to 5.
   *
   * @param value true or false of a chat; 0 to 5 of a text
   * @return this builder
   */
  public GenerationOptionsBuilder logprobs(int value) {
    return whole("logprobs", value);
  }

  /**
   * Of a chat: so many likely tokens at each place, 0 to 20. Goes with {@code logprobs(true)}.
   *
   * @param value 0 to 20
   * @return this builder
   */
  public GenerationOptionsBuilder topLogprobs(int value) {
    return whole("top_logprobs", value);
  }

  /**
   * The same seed and request give the same answer, as far as the model's engine can.
   *
   * @param value any number
   * @return this builder
   */
  public GenerationOptionsBuilder seed(long value) {
    return whole("seed", value);
  }

  /**
   * Texts at which generation ends; up to 4.
   *
   * @param value none of them empty
   * @return this builder
   */
  public GenerationOptionsBuilder stop(List<String> value) {
    json.add("stop", JSON.createArrayBuilder(value));
    return this;
  }

  /**
   * The most tokens to generate, 1 or more; -1 for no limit.
   *
   * @param value 1 or more, or -1
   * @return this builder
   */
  public GenerationOptionsBuilder maxTokens(long value) {
    return whole("max_tokens", value);
  }

  /**
   * OpenAI's newer name of {@link #maxTokens}; best set only one of them.
   *
   * @param value 1 or more, or -1
   * @return this builder
   */
  public GenerationOptionsBuilder maxCompletionTokens(long value) {
    return whole("max_completion_tokens", value);
  }

  /**
   * Of a text that is continued: whether the answer begins with the prompt.
   *
   * @param value whether it does
   * @return this builder
   */
  public GenerationOptionsBuilder echo(boolean value) {
    json.add("echo", value);
    return this;
  }

  /**
   * Of a text that is continued: so many answers are generated, the best one is sent.
   *
   * @param value 1 or more
   * @return this builder
   */
  public GenerationOptionsBuilder bestOf(long value) {
    return whole("best_of", value);
  }

  /**
   * How long the model, if this request loads it, stays loaded without further requests. Whole
   * seconds; LM Studio's own default is 60 min.
   *
   * @param value whole seconds, 1 or more
   * @return this builder
   */
  public GenerationOptionsBuilder ttl(Duration value) {
    if (value.getNano() != 0) {
      throw ValidationException.of("ttl", "is " + value + ", allowed are whole seconds");
    }
    return whole("ttl", value.toSeconds());
  }

  /**
   * A small model that guesses ahead of the large one (speculative decoding).
   *
   * @param value its id
   * @return this builder
   */
  public GenerationOptionsBuilder draftModel(String value) {
    json.add("draft_model", value);
    return this;
  }

  /**
   * How long the model thinks before it answers.
   *
   * @param value how long
   * @return this builder
   */
  public GenerationOptionsBuilder reasoningEffort(ReasoningEffort value) {
    json.add("reasoning_effort", value.text());
    return this;
  }

  /**
   * Sets how long the model reasons, in a word that {@link ReasoningEffort} does not have.
   *
   * @param value sent as it is; a word that this LM Studio does not know is refused by LM Studio
   * @return this builder
   */
  public GenerationOptionsBuilder reasoningEffort(String value) {
    json.add("reasoning_effort", value);
    return this;
  }

  /**
   * Requires the model to call this function. {@link ChatRequest} sends it in the form that every
   * LM Studio version accepts: as the only tool, with {@link ToolChoice#REQUIRED}.
   *
   * @param function the name of one of the {@link #tools}
   * @return this builder
   */
  public GenerationOptionsBuilder toolChoice(String function) {
    json.add(
        "tool_choice",
        JSON.createObjectBuilder()
            .add("type", "function")
            .add("function", JSON.createObjectBuilder().add("name", function)));
    return this;
  }

  /**
   * Functions that the model may want called; a later list replaces an earlier one.
   *
   * @param value at least one
   * @return this builder
   */
  public GenerationOptionsBuilder tools(List<Tool> value) {
    JsonArrayBuilder tools = JSON.createArrayBuilder();
    value.forEach(tool -> tools.add(tool.json()));
    json.add("tools", tools);
    return this;
  }

  /**
   * The same.
   *
   * @param value at least one
   * @return this builder
   */
  public GenerationOptionsBuilder tools(Tool... value) {
    return tools(List.of(value));
  }

  /**
   * Whether the model may, must or must not want functions called.
   *
   * @param value which of the three
   * @return this builder
   */
  public GenerationOptionsBuilder toolChoice(ToolChoice value) {
    json.add("tool_choice", value.text());
    return this;
  }

  /**
   * Any text, or JSON after a schema.
   *
   * @param value the form of the answer
   * @return this builder
   */
  public GenerationOptionsBuilder responseFormat(ResponseFormat value) {
    json.add("response_format", value.json());
    return this;
  }

  /**
   * Any other field that LM Studio takes, as it shall be sent.
   *
   * @param name the field, at the top level of the request
   * @param value any JSON
   * @return this builder
   */
  public GenerationOptionsBuilder field(String name, JsonValue value) {
    json.add(name, value);
    return this;
  }

  /**
   * {@return the options}
   *
   * @throws ValidationException with every option that is out of range
   */
  public GenerationOptions build() {
    // Building empties the JSON-P builder: what was set is put back, so that this one goes on.
    GenerationOptions options = new GenerationOptions(json.build());
    json.addAll(JSON.createObjectBuilder(options.json()));
    return options;
  }

  private GenerationOptionsBuilder number(String name, double value) {
    json.add(name, finite(name, value));
    return this;
  }

  private GenerationOptionsBuilder whole(String name, long value) {
    json.add(name, value);
    return this;
  }

  /** JSON has no other numbers. */
  private static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw ValidationException.of(name, "is " + value + ", which is no number");
    }
    return value;
  }
}
