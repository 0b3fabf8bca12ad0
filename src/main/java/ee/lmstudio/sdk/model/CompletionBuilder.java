package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a {@link Completion}. A builder is not thread-safe. */
public final class CompletionBuilder {
  private String model = "";
  private String content = "";
  private String reasoning = "";
  private List<ToolCall> toolCalls = List.of();
  private String finishReason = "stop";
  private Usage usage = new Usage(0, 0, true);
  private GenerationStats stats = GenerationStats.NONE;
  private Optional<JsonObject> logprobs = Optional.empty();
  private int attempts;
  private boolean downgraded;
  private List<String> warnings = List.of();
  private JsonObject raw = JsonValue.EMPTY_JSON_OBJECT;
  private Map<String, List<String>> headers = Map.of();

  CompletionBuilder() {}

  CompletionBuilder(Completion answer) {
    model = answer.model();
    content = answer.content();
    reasoning = answer.reasoning();
    toolCalls = answer.toolCalls();
    finishReason = answer.finishReason();
    usage = answer.usage();
    stats = answer.stats();
    logprobs = answer.logprobs();
    attempts = answer.attempts();
    downgraded = answer.downgraded();
    warnings = answer.warnings();
    raw = answer.raw();
    headers = answer.headers();
  }

  /**
   * Sets the model. Default: empty.
   *
   * @param value id of the model that answered
   * @return this builder
   */
  public CompletionBuilder model(String value) {
    model = value;
    return this;
  }

  /**
   * Sets the visible text. Default: empty.
   *
   * @param value the text
   * @return this builder
   */
  public CompletionBuilder content(String value) {
    content = value;
    return this;
  }

  /**
   * Sets the reasoning. Default: empty.
   *
   * @param value the model's reasoning text
   * @return this builder
   */
  public CompletionBuilder reasoning(String value) {
    reasoning = value;
    return this;
  }

  /**
   * Sets the tool calls. Default: none.
   *
   * @param value functions that the model wants called
   * @return this builder
   */
  public CompletionBuilder toolCalls(List<ToolCall> value) {
    toolCalls = value;
    return this;
  }

  /**
   * Sets the finish reason. Default {@code stop}.
   *
   * @param value the reason why the answer ended
   * @return this builder
   */
  public CompletionBuilder finishReason(String value) {
    finishReason = value;
    return this;
  }

  /**
   * Sets the numbers of tokens. Default: zero and synthesized.
   *
   * @param value the numbers
   * @return this builder
   */
  public CompletionBuilder usage(Usage value) {
    usage = value;
    return this;
  }

  /**
   * Sets times and speed. Default {@link GenerationStats#NONE}.
   *
   * @param value the statistics
   * @return this builder
   */
  public CompletionBuilder stats(GenerationStats value) {
    stats = value;
    return this;
  }

  /**
   * Sets the log probabilities. Default: none.
   *
   * @param value the log probabilities as LM Studio sent them
   * @return this builder
   */
  public CompletionBuilder logprobs(Optional<JsonObject> value) {
    logprobs = value;
    return this;
  }

  /**
   * Sets the number of streams that were tried. Default 0.
   *
   * @param value the number
   * @return this builder
   */
  public CompletionBuilder attempts(int value) {
    attempts = value;
    return this;
  }

  /**
   * Sets whether the answer arrived whole although a stream was requested. Default false.
   *
   * @param value true if it did
   * @return this builder
   */
  public CompletionBuilder downgraded(boolean value) {
    downgraded = value;
    return this;
  }

  /**
   * Sets the warnings. Default: none.
   *
   * @param value texts that the caller should know
   * @return this builder
   */
  public CompletionBuilder warnings(List<String> value) {
    warnings = value;
    return this;
  }

  /**
   * Sets the raw JSON. Default: an empty object.
   *
   * @param value the JSON that LM Studio sent
   * @return this builder
   */
  public CompletionBuilder raw(JsonObject value) {
    raw = value;
    return this;
  }

  /**
   * Sets the headers of the answer. Default: none.
   *
   * @param value header values by name
   * @return this builder
   */
  public CompletionBuilder headers(Map<String, List<String>> value) {
    headers = value;
    return this;
  }

  /** {@return the answer} */
  public Completion build() {
    return new Completion(
        model,
        content,
        reasoning,
        toolCalls,
        finishReason,
        usage,
        stats,
        logprobs,
        attempts,
        downgraded,
        warnings,
        raw,
        headers);
  }
}
