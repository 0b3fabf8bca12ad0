package ee.lmstudio.sdk.model;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a {@link Completion}. Not for use by several threads at once. */
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
   * Default empty.
   *
   * @param value who answered
   * @return this builder
   */
  public CompletionBuilder model(String value) {
    model = value;
    return this;
  }

  /**
   * Default empty.
   *
   * @param value visible text
   * @return this builder
   */
  public CompletionBuilder content(String value) {
    content = value;
    return this;
  }

  /**
   * Default empty.
   *
   * @param value text of the model's thinking
   * @return this builder
   */
  public CompletionBuilder reasoning(String value) {
    reasoning = value;
    return this;
  }

  /**
   * Default none.
   *
   * @param value functions that the model wants called
   * @return this builder
   */
  public CompletionBuilder toolCalls(List<ToolCall> value) {
    toolCalls = value;
    return this;
  }

  /**
   * Default {@code stop}.
   *
   * @param value why the answer ended
   * @return this builder
   */
  public CompletionBuilder finishReason(String value) {
    finishReason = value;
    return this;
  }

  /**
   * Default none, synthesised.
   *
   * @param value tokens
   * @return this builder
   */
  public CompletionBuilder usage(Usage value) {
    usage = value;
    return this;
  }

  /**
   * Default {@link GenerationStats#NONE}.
   *
   * @param value times and speed
   * @return this builder
   */
  public CompletionBuilder stats(GenerationStats value) {
    stats = value;
    return this;
  }

  /**
   * Default none.
   *
   * @param value how likely the tokens were
   * @return this builder
   */
  public CompletionBuilder logprobs(Optional<JsonObject> value) {
    logprobs = value;
    return this;
  }

  /**
   * Default 0.
   *
   * @param value how many streams were tried
   * @return this builder
   */
  public CompletionBuilder attempts(int value) {
    attempts = value;
    return this;
  }

  /**
   * Default false.
   *
   * @param value whether it came whole where a stream was due
   * @return this builder
   */
  public CompletionBuilder downgraded(boolean value) {
    downgraded = value;
    return this;
  }

  /**
   * Default none.
   *
   * @param value what the caller should know
   * @return this builder
   */
  public CompletionBuilder warnings(List<String> value) {
    warnings = value;
    return this;
  }

  /**
   * Default an empty object.
   *
   * @param value LM Studio's own JSON
   * @return this builder
   */
  public CompletionBuilder raw(JsonObject value) {
    raw = value;
    return this;
  }

  /**
   * Default none.
   *
   * @param value of the answer
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
