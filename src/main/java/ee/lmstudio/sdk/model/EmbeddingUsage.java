package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;

/**
 * What embeddings cost.
 *
 * @param promptTokens of all texts
 * @param totalTokens the same, as LM Studio says it
 * @param counted false: LM Studio said nothing or, as it often does, 0 and 0; the numbers mean
 *     nothing then
 */
public record EmbeddingUsage(int promptTokens, int totalTokens, boolean counted) {
  /** LM Studio counted nothing. */
  public static final EmbeddingUsage NONE = new EmbeddingUsage(0, 0, false);

  /**
   * {@return both together} Counted only if both are.
   *
   * @param other of another request
   */
  public EmbeddingUsage plus(EmbeddingUsage other) {
    return new EmbeddingUsage(
        Math.addExact(promptTokens, other.promptTokens),
        Math.addExact(totalTokens, other.totalTokens),
        counted && other.counted);
  }

  /** {@return the counts as LM Studio writes them} */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("prompt_tokens", promptTokens)
        .add("total_tokens", totalTokens)
        .build();
  }
}
