package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Holds the numbers of tokens that an answer used.
 *
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens of the answer, including reasoning
 * @param synthesized true if LM Studio sent no numbers: in that case the SDK counted the text
 *     fragments and estimated the prompt ({@link GenerationRequest#estimatedPromptTokens()})
 * @param details other fields of LM Studio's {@code usage}; may be empty
 */
public record Usage(
    int promptTokens, int completionTokens, boolean synthesized, JsonObject details) {
  private static final Set<String> COUNTS =
      Set.of("prompt_tokens", "completion_tokens", "total_tokens", "synthesized");

  /** Checks that nothing is null. */
  public Usage {
    Objects.requireNonNull(details, "details");
  }

  /**
   * Creates a usage without details.
   *
   * @param promptTokens tokens of the prompt
   * @param completionTokens tokens of the answer, including reasoning
   * @param synthesized true if the SDK counted, because LM Studio sent no numbers
   */
  public Usage(int promptTokens, int completionTokens, boolean synthesized) {
    this(promptTokens, completionTokens, synthesized, JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * {@return the usage read from LM Studio's {@code usage}; empty if one of the two counts is
   * missing}
   *
   * @param usage an object {@code usage} of an answer
   */
  public static Optional<Usage> read(JsonObject usage) {
    OptionalInt prompt = count(usage, "prompt_tokens");
    OptionalInt completion = count(usage, "completion_tokens");
    if (prompt.isEmpty() || completion.isEmpty()) {
      return Optional.empty();
    }
    boolean synthesized = usage.get("synthesized") == JsonValue.TRUE;
    JsonObject details = JsonText.without(usage, COUNTS);
    return Optional.of(new Usage(prompt.getAsInt(), completion.getAsInt(), synthesized, details));
  }

  /** {@return the sum of both counts} */
  public int totalTokens() {
    return promptTokens + completionTokens;
  }

  /** {@return prompt tokens that LM Studio took from its cache; empty if it does not say} */
  public OptionalInt cachedTokens() {
    return count(JsonText.object(details, "prompt_tokens_details"), "cached_tokens");
  }

  /** {@return tokens of the answer that were reasoning; empty if LM Studio does not say} */
  public OptionalInt reasoningTokens() {
    return completionDetail("reasoning_tokens");
  }

  /**
   * {@return accepted tokens of the draft model; empty if LM Studio does not send them here} Some
   * versions send them in {@link ServerStats#acceptedDraftTokens()}.
   */
  public OptionalInt acceptedDraftTokens() {
    OptionalInt count = count(details, "accepted_draft_tokens_count");
    return count.isPresent() ? count : completionDetail("accepted_prediction_tokens");
  }

  /** {@return rejected tokens of the draft model; empty if LM Studio does not send them here} */
  public OptionalInt rejectedDraftTokens() {
    OptionalInt count = count(details, "rejected_draft_tokens_count");
    return count.isPresent() ? count : completionDetail("rejected_prediction_tokens");
  }

  private OptionalInt completionDetail(String name) {
    return count(JsonText.object(details, "completion_tokens_details"), name);
  }

  /** Returns a plausible number of tokens; empty if the field has none. */
  static OptionalInt count(JsonObject from, String name) {
    long count = JsonText.whole(from, name).orElse(-1);
    return count >= 0 && count < 1 << 30 ? OptionalInt.of((int) count) : OptionalInt.empty();
  }

  /** {@return the counts as JSON in the format of the HTTP API, with LM Studio's details} */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("prompt_tokens", promptTokens)
        .add("completion_tokens", completionTokens)
        .add("total_tokens", totalTokens())
        .add("synthesized", synthesized)
        .addAll(JSON.createObjectBuilder(details))
        .build();
  }
}
