package ee.lmstudio.simulator;

import java.util.List;
import java.util.Optional;

/**
 * The content of an answer.
 *
 * @param reasoning the tokens of the reasoning; empty if there is none
 * @param content the tokens of the text
 * @param toolCall the tool call; empty if the answer is text
 * @param ending why the answer ends
 * @param stopText the text of {@code stop} that ended the answer; empty if another reason did
 */
record Draft(
    List<String> reasoning,
    List<String> content,
    Optional<ToolCall> toolCall,
    Ending ending,
    Optional<String> stopText) {

  /**
   * A tool call.
   *
   * @param id nine digits, as in LM Studio
   * @param name the name of the tool
   * @param arguments the tokens of the arguments' JSON
   */
  record ToolCall(String id, String name, List<String> arguments) {}

  /**
   * The end of an answer, with its values of {@code finish_reason} and {@code stats.stop_reason}.
   */
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

  /** Returns the number of tokens of reasoning, text and tool call. */
  int writtenTokens() {
    int call = toolCall.map(wanted -> wanted.arguments().size() + 1).orElse(0);
    return reasoning.size() + content.size() + call;
  }
}
