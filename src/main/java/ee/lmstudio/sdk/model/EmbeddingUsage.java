package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;

/**
 * Holds the numbers of tokens that embeddings used.
 *
 * @param promptTokens tokens of all texts
 * @param totalTokens the total as LM Studio sent it
 * @param counted false if LM Studio sent no numbers or, as it often does, 0 and 0: in that case the
 *     numbers have no meaning
 */
public record EmbeddingUsage(int promptTokens, int totalTokens, boolean counted) {
  /** Used if LM Studio did not count the tokens. */
  public static final EmbeddingUsage NONE = new EmbeddingUsage(0, 0, false);

  /**
   * {@return the sum} The sum is counted only if both are.
   *
   * @param other the usage of another request
   */
  public EmbeddingUsage plus(EmbeddingUsage other) {
    return new EmbeddingUsage(
        Math.addExact(promptTokens, other.promptTokens),
        Math.addExact(totalTokens, other.totalTokens),
        counted && other.counted);
  }

  /** {@return the counts as JSON in LM Studio's format} */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("prompt_tokens", promptTokens)
        .add("total_tokens", totalTokens)
        .build();
  }
}
