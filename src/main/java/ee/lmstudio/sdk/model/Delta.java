package ee.lmstudio.sdk.model;

import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.util.Objects;

/**
 * Holds the text and tool calls that one chunk of a stream adds to the answer.
 *
 * @param content visible text; empty if the chunk has none
 * @param reasoning the model's reasoning text; empty if the chunk has none
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
   * {@return a delta with visible text only}
   *
   * @param content may be empty
   */
  public static Delta ofContent(String content) {
    return new Delta(content, "", JsonValue.EMPTY_JSON_ARRAY);
  }

  /** {@return whether this delta adds nothing} */
  public boolean nothing() {
    return content.isEmpty() && reasoning.isEmpty() && toolCalls.isEmpty();
  }

  /** Returns the sizes only, because the text may be private. */
  @Override
  public String toString() {
    return "Delta[%d content, %d reasoning, %d tool calls]"
        .formatted(content.length(), reasoning.length(), toolCalls.size());
  }
}
