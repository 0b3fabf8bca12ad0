package ee.lmstudio.sdk.model;

import java.util.List;
import java.util.Objects;

/**
 * A whole answer, to a chat or a text.
 *
 * @param model who answered
 * @param content visible text; may be empty
 * @param reasoning text of the model's thinking; may be empty
 * @param toolCalls functions that the model wants called, put together from their fragments
 * @param finishReason {@code stop}, {@code length}, {@code tool_calls} or whatever LM Studio says
 * @param usage tokens, ours where LM Studio sends none
 * @param stats times and speed
 * @param attempts how many streams were tried
 * @param downgraded whether the answer came by a plain call, or whole where a stream was due
 * @param warnings what the caller should know, such as another model than asked
 */
public record Completion(
    String model,
    String content,
    String reasoning,
    List<ToolCall> toolCalls,
    String finishReason,
    Usage usage,
    GenerationStats stats,
    int attempts,
    boolean downgraded,
    List<String> warnings) {
  public Completion {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(stats, "stats");
    toolCalls = List.copyOf(toolCalls);
    warnings = List.copyOf(warnings);
  }

  /** Model, sizes and finish reason only: the text is somebody's. */
  @Override
  public String toString() {
    return "Completion[%s, %d content, %d reasoning, %d tool calls, %s]"
        .formatted(model, content.length(), reasoning.length(), toolCalls.size(), finishReason);
  }
}
