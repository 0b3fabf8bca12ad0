package ee.lmstudio.sdk.model;

import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.util.Objects;

/**
 * What one chunk of a stream adds to the answer.
 *
 * @param content visible text; empty if the chunk has none
 * @param reasoning text of the model's thinking; empty if the chunk has none
 * @param toolCalls fragments of tool calls in OpenAI's form, each with its {@code index}; may be
 *     empty
 */
public record Delta(String content, String reasoning, JsonArray toolCalls) {
  /** Checks that nothing is null. */
  public Delta {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(toolCalls, "toolCalls");
  }

  /**
   * {@return a piece with visible text only}
   *
   * @param content may be empty
   */
  public static Delta ofContent(String content) {
    return new Delta(content, "", JsonValue.EMPTY_JSON_ARRAY);
  }

  /** {@return whether it adds nothing} */
  public boolean nothing() {
    return content.isEmpty() && reasoning.isEmpty() && toolCalls.isEmpty();
  }

  /** Sizes only: the text is somebody's. */
  @Override
  public String toString() {
    return "Delta[%d content, %d reasoning, %d tool calls]"
        .formatted(content.length(), reasoning.length(), toolCalls.size());
  }
}
