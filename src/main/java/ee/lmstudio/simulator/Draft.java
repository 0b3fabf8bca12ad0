package ee.lmstudio.simulator;

import java.util.List;
import java.util.Optional;

/**
 * What the model wrote.
 *
 * @param reasoning tokens of its thoughts; empty if it does not think
 * @param content tokens of its text
 * @param toolCall the tool it wants called, in place of text
 * @param ending why it stopped
 */
record Draft(
    List<String> reasoning, List<String> content, Optional<ToolCall> toolCall, Ending ending) {

  /**
   * A tool call.
   *
   * @param id nine digits, as LM Studio's
   * @param name the tool
   * @param arguments tokens of the arguments' JSON
   */
  record ToolCall(String id, String name, List<String> arguments) {}

  /** Why a model stops, in the words of {@code finish_reason} and of {@code stats.stop_reason}. */
  enum Ending {
    DONE("stop", "stop"),
    STOP_STRING("stop", "stopStringFound"),
    LENGTH("length", "maxPredictedTokensReached"),
    TOOL_CALL("tool_calls", "stop");

    private final String finishReason;
    private final String stopReason;

    Ending(String finishReason, String stopReason) {
      this.finishReason = finishReason;
      this.stopReason = stopReason;
    }

    String finishReason() {
      return finishReason;
    }

    String stopReason() {
      return stopReason;
    }
  }

  /** Tokens of the text, and of the tool call if there is one. */
  int writtenTokens() {
    int call = toolCall.map(wanted -> wanted.arguments().size() + 1).orElse(0);
    return reasoning.size() + content.size() + call;
  }
}
