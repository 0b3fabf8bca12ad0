package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.socket.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The SDK reports the tool calls of a model to its caller, and does not run them. */
@Timeout(60)
class ToolCallsAreDataTest {
  private static final String WANTS_A_SHELL =
      "{\"tool_calls\":[{\"index\":0,\"id\":\"1\",\"type\":\"function\",\"function\":"
          + "{\"name\":\"shell\",\"arguments\":\"{\\\"command\\\":\\\"touch /tmp/x\\\"}\"}}]}";

  @Test
  void toolThatAModelWants_isToldAndNothingIsSentBack() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      String stream = Chunks.delta(WANTS_A_SHELL) + Chunks.finish("tool_calls") + Chunks.DONE;
      Outcome outcome = lmStudio.answering(Script.respondWithEvents(stream)).chat();
      assertThat(outcome.answer().toolCalls())
          .singleElement()
          .satisfies(call -> assertThat(call.name()).isEqualTo("shell"));
      assertThat(outcome.answer().finishReason()).isEqualTo("tool_calls");
      assertThat(outcome.posted()).isEqualTo(1);
      assertThat(lmStudio.posts()).hasSize(1);
    }
  }
}
