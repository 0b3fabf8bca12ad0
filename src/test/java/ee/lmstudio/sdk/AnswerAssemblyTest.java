package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.delta;
import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.finish;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.TokenLogprob;
import ee.lmstudio.sdk.model.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is taken out of an answer, or put together, while it comes. */
class AnswerAssemblyTest {
  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  @Test
  void thinking_isShownAsReasoningAndTheRestAsText() {
    Outcome outcome =
        lmStudio
            .answering(
                respondWithEvents(
                    text("<th")
                        + text("ink>h")
                        + text("m</")
                        + text("think>\n")
                        + text("Hi")
                        + end()))
            .chat();
    assertThat(outcome.told())
        .isEqualTo("handle accepted delta(h) delta(m) delta(Hi) completed(stop)");
    assertThat(outcome.answer().reasoning()).isEqualTo("hm");
    assertThat(outcome.answer().content()).isEqualTo("Hi");
    assertThat(outcome.answer().usage())
        .as("a fragment is counted however it is shown")
        .isEqualTo(new Usage(9, 5, true));
  }

  @Test
  void whatWasHeldBack_isShownBeforeTheEnd() {
    Outcome outcome = lmStudio.answering(respondWithEvents(text("<thi") + end())).chat();
    assertThat(outcome.told()).isEqualTo("handle accepted delta(<thi) completed(stop)");
    assertThat(outcome.answer().content()).isEqualTo("<thi");
  }

  @Test
  void breakWhileHeldBack_voidsNothingAndBeginsAnew() {
    Outcome outcome =
        lmStudio
            .answering(respondWithEvents(text("<thi")), respondWithEvents(text("x") + end()))
            .chat();
    assertThat(outcome.told()).isEqualTo("handle accepted delta(x) completed(stop)");
    assertThat(outcome.answer().content()).isEqualTo("x");
  }

  @Test
  void wholeAnswer_isSplitToo() {
    Outcome outcome =
        lmStudio.answering(respondWithJson(200, Chunks.whole("<think>hm</think>Hi"))).chat();
    assertThat(outcome.answer().reasoning()).isEqualTo("hm");
    assertThat(outcome.answer().content()).isEqualTo("Hi");
    assertThat(outcome.answer().raw().toString()).as("raw is raw").contains("<think>");
  }

  @Test
  void textThatIsContinued_isLeftAlone() {
    lmStudio.answering(
        respondWithEvents(
            "data: {\"object\":\"text_completion\",\"choices\":[{\"text\":\"<think>a</think>b\","
                + "\"finish_reason\":\"stop\"}]}\n\n"
                + Chunks.DONE));
    Completion answer = lmStudio.sdk.createCompletion(CompletionRequest.of("m", "p"));
    assertThat(answer.content()).isEqualTo("<think>a</think>b");
    assertThat(answer.toJson().getJsonArray("choices").getJsonObject(0).getString("text"))
        .isEqualTo("<think>a</think>b");
  }

  @Test
  void callsWithoutIndex_areShownWithOne() {
    RecordingObserver observer = new RecordingObserver();
    Completion answer =
        lmStudio
            .answering(
                respondWithEvents(
                    delta(
                            "{\"tool_calls\":[{\"id\":\"\",\"function\":{\"name\":\"f\","
                                + "\"arguments\":\"{}\"}}]}")
                        + end()))
            .chat(observer)
            .answer();
    assertThat(observer.firstDelta.join().toolCalls().getJsonObject(0).getInt("index")).isZero();
    assertThat(answer.wantsTools()).isTrue();
    assertThat(answer.toolCalls().get(0).id()).isEqualTo("call_0");
  }

  @Test
  void logprobsAndStatsOfAStream_arePutTogether() {
    String logprobs =
        "\"logprobs\":{\"content\":[{\"token\":\"%s\",\"logprob\":-1}],\"refusal\":null}";
    String chunk =
        "data: {\"id\":\"7\",\"choices\":[{\"delta\":{\"content\":\"%s\"}," + logprobs + "}]}\n\n";
    String last =
        "data: {\"choices\":[],\"stats\":{\"generation_time\":2},\"model_info\":{\"arch\":\"q\"},"
            + "\"runtime\":{\"name\":\"r\"}}\n\n";
    Completion answer =
        lmStudio
            .answering(
                respondWithEvents(
                    chunk.formatted("a", "a")
                        + chunk.formatted("b", "b")
                        + finish("stop")
                        + last
                        + Chunks.DONE))
            .chat()
            .answer();
    assertThat(answer.tokenLogprobs())
        .containsExactly(
            new TokenLogprob("a", -1, List.of()), new TokenLogprob("b", -1, List.of()));
    assertThat(answer.id()).contains("7");
    assertThat(answer.stats().server().generationTime()).contains(Duration.ofSeconds(2));
    assertThat(answer.modelInfo().orElseThrow().architecture()).contains("q");
    assertThat(answer.runtime().orElseThrow().name()).contains("r");
  }
}
