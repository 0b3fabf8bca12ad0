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
 * How many tokens an answer cost.
 *
 * @param promptTokens of the request
 * @param completionTokens of the answer, reasoning included
 * @param synthesized true: LM Studio sent none, so this is our count of text fragments and our
 *     estimate of the prompt ({@link GenerationRequest#estimatedPromptTokens()})
 * @param details what LM Studio's own {@code usage} says beside that; may be empty
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
   * Two counts without details.
   *
   * @param promptTokens of the request
   * @param completionTokens of the answer, reasoning included
   * @param synthesized whether the SDK counted, since LM Studio sent none
   */
  public Usage(int promptTokens, int completionTokens, boolean synthesized) {
    this(promptTokens, completionTokens, synthesized, JsonValue.EMPTY_JSON_OBJECT);
  }

  /**
   * {@return what LM Studio's {@code usage} says; empty if it does not have both counts}
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

  /** {@return both together} */
  public int totalTokens() {
    return promptTokens + completionTokens;
  }

  /**
   * {@return tokens of the prompt that LM Studio had processed before; empty if it does not say}
   */
  public OptionalInt cachedTokens() {
    return count(JsonText.object(details, "prompt_tokens_details"), "cached_tokens");
  }

  /** {@return tokens of the answer that were reasoning; empty if LM Studio does not say} */
  public OptionalInt reasoningTokens() {
    return completionDetail("reasoning_tokens");
  }

  /**
   * {@return tokens that the draft model guessed right; empty if LM Studio does not say so here}
   * Some versions say it in {@link ServerStats#acceptedDraftTokens()}.
   */
  public OptionalInt acceptedDraftTokens() {
    OptionalInt count = count(details, "accepted_draft_tokens_count");
    return count.isPresent() ? count : completionDetail("accepted_prediction_tokens");
  }

  /**
   * {@return tokens that the draft model guessed wrong; empty if LM Studio does not say so here}
   */
  public OptionalInt rejectedDraftTokens() {
    OptionalInt count = count(details, "rejected_draft_tokens_count");
    return count.isPresent() ? count : completionDetail("rejected_prediction_tokens");
  }

  private OptionalInt completionDetail(String name) {
    return count(JsonText.object(details, "completion_tokens_details"), name);
  }

  /** A number of tokens that LM Studio can mean. */
  static OptionalInt count(JsonObject from, String name) {
    long count = JsonText.whole(from, name).orElse(-1);
    return count >= 0 && count < 1 << 30 ? OptionalInt.of((int) count) : OptionalInt.empty();
  }

  /** {@return the counts as the HTTP contract has them, with LM Studio's details} */
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
