package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.sdk.model.Usage;
import ee.lmstudio.simulator.socket.Script;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that real servers sent are read for what they say, however they are cut in pieces. */
class RecordedStreamTest {
  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private Outcome read(String file) {
    return lmStudio.answering(Script.respondWithEvents(Recorded.text(file))).chat();
  }

  private static Usage usage(int prompt, int completion, int reasoning) {
    return new Usage(
        prompt,
        completion,
        false,
        JsonText.readObject(
                "{\"completion_tokens_details\":{\"reasoning_tokens\":" + reasoning + "}}")
            .orElseThrow());
  }

  @Test
  void plain_hasTextUsageAndModel() {
    Outcome outcome = read("v1-stream-plain-include_usage-0.4.24.sse");
    assertThat(outcome.told())
        .isEqualTo(
            "handle accepted model(google/gemma-4-e4b) delta(Hello) delta( there) delta(,)"
                + " delta( how) delta( are) delta( you) delta(?) completed(stop)");
    Completion answer = outcome.answer();
    assertThat(answer.content()).isEqualTo("Hello there, how are you?");
    assertThat(answer.reasoning()).isEmpty();
    assertThat(answer.toolCalls()).isEmpty();
    assertThat(answer.usage()).isEqualTo(usage(22, 8, 0));
    assertThat(answer.model()).isEqualTo("google/gemma-4-e4b");
    assertThat(answer.warnings())
        .containsExactly("Model 'asked' was requested, but 'google/gemma-4-e4b' answered");
    assertThat(answer.attempts()).isEqualTo(1);
    assertThat(answer.downgraded()).isFalse();
    assertThat(answer.id()).contains("chatcmpl-j872ndpj6hybd9tmqk38m");
    assertThat(answer.created()).contains(Instant.ofEpochSecond(1790614494));
    assertThat(answer.systemFingerprint()).contains("google/gemma-4-e4b");
    assertThat(answer.headers()).containsEntry("content-type", List.of("text/event-stream"));
    assertThat(Completion.of(answer.toJson()).content()).isEqualTo(answer.content());
    assertThat(answer.toJson().getString("object")).isEqualTo("chat.completion");
    assertThat(answer.stats().timeToFirstToken())
        .hasValueSatisfying(first -> assertThat(first).isPositive());
    assertThat(answer.stats().tokensPerSecond()).isNotNegative();
  }

  @Test
  void reasoningAndToolCall_areApart() {
    Completion answer = read("v1-stream-tool-single-0.4.24-ABRIDGED.sse").answer();
    assertThat(answer.reasoning()).isEqualTo("\n1.");
    assertThat(answer.content()).isEmpty();
    assertThat(answer.toolCalls())
        .containsExactly(new ToolCall("456579262", "get_weather", "{\"city\":\"Paris\"}"));
    assertThat(answer.finishReason()).isEqualTo("tool_calls");
    assertThat(answer.usage()).isEqualTo(usage(90, 215, 197));
  }

  @Test
  void toolCallOf0_3_13_keepsItsName() {
    Completion answer = read("v0-stream-tool-0.3.13.sse").answer();
    assertThat(answer.toolCalls())
        .containsExactly(
            new ToolCall(
                "633167655",
                "get_current_weather",
                "{\"location\": \"London\", \"unit\": \"celsius\"}"));
    assertThat(answer.finishReason()).as("whatever 0.3.13 said").isEqualTo("tool_calls");
    assertThat(answer.usage()).isEqualTo(new Usage(9, 0, true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void inPiecesOfOneByte_saysTheSame(RecordedStream stream) {
    Outcome whole = read(stream.file());
    lmStudio.answering(
        Script.respondWith(200, "text/event-stream").bodyInPieces(stream.bytes(), 1));
    Outcome pieces = lmStudio.chat();
    assertThat(pieces.told()).isEqualTo(whole.told());
    assertThat(pieces.observer().text()).isEqualTo(stream.text());
    assertThat(pieces.answer().usage()).isEqualTo(whole.answer().usage());
    assertThat(pieces.answer().toolCalls()).isEqualTo(whole.answer().toolCalls());
  }

  /** The standard allows all three ends of a line. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void withOtherLineEnds_saysTheSame(RecordedStream stream) {
    String text = Recorded.text(stream.file());
    for (String end : new String[] {"\r\n", "\r"}) {
      Script script = Script.respondWith(200, "text/event-stream; charset=utf-8");
      Outcome outcome = lmStudio.answering(script.body(text.replace("\n", end))).chat();
      assertThat(outcome.observer().text()).isEqualTo(stream.text());
    }
  }
}
