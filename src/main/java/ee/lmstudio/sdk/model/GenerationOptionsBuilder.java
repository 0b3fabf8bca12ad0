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
 * Builds {@link GenerationOptions}. LM Studio chooses the value of each option that is not set. Not
 * for use by several threads at once.
 */
public final class GenerationOptionsBuilder {
  private final JsonObjectBuilder json;

  GenerationOptionsBuilder(JsonObjectBuilder json) {
    this.json = json;
  }

  /**
   * Sets the sampling temperature. 0 always takes the most likely token.
   *
   * @param value 0 to 2; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder temperature(double value) {
    return number("temperature", value);
  }

  /**
   * Restricts sampling to the most likely tokens that together have this probability.
   *
   * @param value 0 to 1; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder topP(double value) {
    return number("top_p", value);
  }

  /**
   * Restricts sampling to this number of the most likely tokens.
   *
   * @param value 0 or more; 0 for no restriction. The SDK sends any value; LM Studio checks it
   * @return this builder
   */
  public GenerationOptionsBuilder topK(long value) {
    return whole("top_k", value);
  }

  /**
   * Restricts sampling to tokens whose probability is at least this share of the most likely
   * token's probability.
   *
   * @param value 0 to 1. The SDK sends any number; LM Studio checks it
   * @return this builder
   */
  public GenerationOptionsBuilder minP(double value) {
    return number("min_p", value);
  }

  /**
   * Sets the factor that reduces the probability of tokens that have already occurred. 1 has no
   * effect.
   *
   * @param value 0 or more. The SDK sends any number; LM Studio checks it
   * @return this builder
   */
  public GenerationOptionsBuilder repeatPenalty(double value) {
    return number("repeat_penalty", value);
  }

  /**
   * Sets the amount that is subtracted from the logit of each token that has already occurred.
   *
   * @param value -2 to 2; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder presencePenalty(double value) {
    return number("presence_penalty", value);
  }

  /**
   * Sets the amount that is subtracted from the logit of a token for each time that it has
   * occurred.
   *
   * @param value -2 to 2; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder frequencyPenalty(double value) {
    return number("frequency_penalty", value);
  }

  /**
   * Sets the amounts that are added to the logits of tokens.
   *
   * @param value amounts of -100 to 100 by token id. The SDK sends any number; LM Studio checks it
   * @return this builder
   */
  public GenerationOptionsBuilder logitBias(Map<String, Double> value) {
    JsonObjectBuilder bias = JSON.createObjectBuilder();
    value.forEach((token, by) -> bias.add(token, finite("logit_bias." + token, by)));
    json.add("logit_bias", bias);
    return this;
  }

  /**
   * Sets whether the answer to a chat includes log probabilities.
   *
   * @param value true to include them
   * @return this builder
   */
  public GenerationOptionsBuilder logprobs(boolean value) {
    json.add("logprobs", value);
    return this;
  }

  /**
   * Requests log probabilities for the continuation of a text.
   *
   * @param value number of likely tokens to return at each position, 0 to 5; {@link #build} refuses
   *     negative values, and LM Studio checks the upper limit
   * @return this builder
   */
  public GenerationOptionsBuilder logprobs(int value) {
    return whole("logprobs", value);
  }

  /**
   * Sets the number of likely tokens to return at each position of the answer to a chat. Requires
   * {@code logprobs(true)}.
   *
   * @param value 0 to 20; {@link #build} refuses negative values, and LM Studio checks the upper
   *     limit
   * @return this builder
   */
  public GenerationOptionsBuilder topLogprobs(int value) {
    return whole("top_logprobs", value);
  }

  /**
   * Sets the seed of the sampling. The same seed and request give the same answer if the model's
   * engine supports it.
   *
   * @param value any number
   * @return this builder
   */
  public GenerationOptionsBuilder seed(long value) {
    return whole("seed", value);
  }

  /**
   * Sets the texts at which the generation ends.
   *
   * @param value at most 4 texts; {@link #build} refuses longer lists
   * @return this builder
   */
  public GenerationOptionsBuilder stop(List<String> value) {
    json.add("stop", JSON.createArrayBuilder(value));
    return this;
  }

  /**
   * Sets the maximum number of tokens to generate.
   *
   * @param value 1 or more, or -1 for no limit; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder maxTokens(long value) {
    return whole("max_tokens", value);
  }

  /**
   * Sets the maximum number of tokens under OpenAI's newer name. Set either this option or {@link
   * #maxTokens}.
   *
   * @param value 1 or more, or -1; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder maxCompletionTokens(long value) {
    return whole("max_completion_tokens", value);
  }

  /**
   * Sets whether the continuation of a text begins with the prompt.
   *
   * @param value true to repeat the prompt
   * @return this builder
   */
  public GenerationOptionsBuilder echo(boolean value) {
    json.add("echo", value);
    return this;
  }

  /**
   * Sets how many continuations of a text LM Studio generates, of which it returns the best.
   *
   * @param value 1 or more; {@link #build} refuses other values
   * @return this builder
   */
  public GenerationOptionsBuilder bestOf(long value) {
    return whole("best_of", value);
  }

  /**
   * Sets how long the model stays loaded without further requests, if this request loads it. LM
   * Studio's default is 60 min.
   *
   * @param value whole seconds, 1 or more. The SDK refuses fractions of a second; LM Studio checks
   *     the rest
   * @return this builder
   */
  public GenerationOptionsBuilder ttl(Duration value) {
    if (value.getNano() != 0) {
      throw ValidationException.of("ttl", "is " + value + "; it must be whole seconds");
    }
    return whole("ttl", value.toSeconds());
  }

  /**
   * Sets the draft model for speculative decoding.
   *
   * @param value id of the draft model
   * @return this builder
   */
  public GenerationOptionsBuilder draftModel(String value) {
    json.add("draft_model", value);
    return this;
  }

  /**
   * Sets how much the model reasons before it answers.
   *
   * @param value the effort
   * @return this builder
   */
  public GenerationOptionsBuilder reasoningEffort(ReasoningEffort value) {
    json.add("reasoning_effort", value.text());
    return this;
  }

  /**
   * Sets how much the model reasons, with a value that {@link ReasoningEffort} does not have.
   *
   * @param value the value, which is sent unchanged; LM Studio refuses values that it does not know
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
   * Sets the functions that the model may call; a later list replaces an earlier one.
   *
   * @param value at least one tool
   * @return this builder
   */
  public GenerationOptionsBuilder tools(List<Tool> value) {
    JsonArrayBuilder tools = JSON.createArrayBuilder();
    value.forEach(tool -> tools.add(tool.json()));
    json.add("tools", tools);
    return this;
  }

  /**
   * Sets the functions that the model may call; a later list replaces an earlier one.
   *
   * @param value at least one tool
   * @return this builder
   */
  public GenerationOptionsBuilder tools(Tool... value) {
    return tools(List.of(value));
  }

  /**
   * Sets whether the model may, must or must not call functions.
   *
   * @param value the choice
   * @return this builder
   */
  public GenerationOptionsBuilder toolChoice(ToolChoice value) {
    json.add("tool_choice", value.text());
    return this;
  }

  /**
   * Sets the form of the answer: any text, or JSON that follows a schema.
   *
   * @param value the form
   * @return this builder
   */
  public GenerationOptionsBuilder responseFormat(ResponseFormat value) {
    json.add("response_format", value.json());
    return this;
  }

  /**
   * Sets any other field that LM Studio accepts.
   *
   * @param name name of the field at the top level of the request
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
   * @throws ValidationException if an option is invalid; it lists all invalid options
   */
  public GenerationOptions build() {
    // build() empties the JSON-P builder. Its fields are put back, so that this builder can be
    // reused.
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

  /** Refuses infinity and NaN, because JSON cannot represent them. */
  private static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw ValidationException.of(name, "is " + value + ", which JSON cannot represent");
    }
    return value;
  }
}
