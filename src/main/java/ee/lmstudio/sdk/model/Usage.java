package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;

/**
 * How many tokens an answer cost.
 *
 * @param promptTokens of the request
 * @param completionTokens of the answer, reasoning included
 * @param synthesized true: LM Studio sent none, so this is our count of text fragments and our
 *     estimate of the prompt ({@link GenerationRequest#estimatedPromptTokens()})
 */
public record Usage(int promptTokens, int completionTokens, boolean synthesized) {
  /** Both together. */
  public int totalTokens() {
    return promptTokens + completionTokens;
  }

  /** As the HTTP contract has it. */
  public JsonObject toJson() {
    return JSON.createObjectBuilder()
        .add("prompt_tokens", promptTokens)
        .add("completion_tokens", completionTokens)
        .add("total_tokens", totalTokens())
        .add("synthesized", synthesized)
        .build();
  }
}
