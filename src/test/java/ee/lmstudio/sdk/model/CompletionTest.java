package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
  private static JsonObject recorded(String file) {
    return JsonText.readObject(Recorded.text(file)).orElseThrow();
  }

  private static Completion message(String fields) {
    return Completion.of(json("{'choices':[{'message':{" + fields + "}}]}"));
  }

  @Test
  void answerOfApiV0_isTypedWhole() {
    Completion answer = Completion.of(recorded("v0-completions-length.json"));
    assertThat(answer.id()).contains("cmpl-4gtjyxdfethjgyakm6xuq");
    assertThat(answer.created()).contains(Instant.ofEpochSecond(1742151673));
    assertThat(answer.systemFingerprint()).isEmpty();
    assertThat(answer.cut()).isTrue();
    assertThat(answer.usage().cachedTokens()).isEmpty();
    ServerStats stats = answer.stats().server();
    assertThat(stats.tokensPerSecond()).hasValue(32.72727272727273);
    assertThat(stats.timeToFirstToken()).contains(Duration.ofMillis(66));
    assertThat(stats.generationTime()).contains(Duration.ofMillis(275));
    assertThat(stats.stopReason()).contains("maxPredictedTokensReached");
    AnsweringModel model = answer.modelInfo().orElseThrow();
    assertThat(model.architecture()).contains("qwen2");
    assertThat(model.quantization()).contains("Q8_0");
    assertThat(model.format()).contains("gguf");
    assertThat(model.contextLength()).hasValue(4096);
    Engine engine = answer.runtime().orElseThrow();
    assertThat(engine.name()).contains("llama.cpp-mac-arm64-apple-metal-advsimd");
    assertThat(engine.version()).contains("1.21.0");
    assertThat(engine.supportedFormats()).containsExactly("gguf");
  }

  @Test
  void answerThatSaysNothing_isEmpty() {
    Completion answer = Completion.of(json("{'created':1e30,'runtime':{'x':1},'stats':{}}"));
    assertThat(answer.id()).isEmpty();
    assertThat(answer.created()).isEmpty();
    assertThat(answer.modelInfo()).isEmpty();
    assertThat(answer.runtime().orElseThrow().supportedFormats()).isEmpty();
    assertThat(answer.usage()).isEqualTo(new Usage(0, 0, true));
    assertThat(answer.stats()).isEqualTo(GenerationStats.NONE);
    assertThat(answer.stats().server().tokensPerSecond()).isEmpty();
    assertThat(new ServerStats(json("{'generation_time':-1}")).generationTime()).isEmpty();
    assertThat(answer.tokenLogprobs()).isEmpty();
    assertThat(Completion.of(json("{'choices':[]}")).content()).isEmpty();
    assertThat(Completion.of(json("{'choices':[1]}")).content()).isEmpty();
  }

  @Test
  void draftTokens_areFoundWhereTheyAre() {
    Usage usage =
        Usage.read(
                json(
                    "{'prompt_tokens':66,'completion_tokens':300,'accepted_draft_tokens_count':176,"
                        + "'rejected_draft_tokens_count':316,"
                        + "'prompt_tokens_details':{'cached_tokens':60}}"))
            .orElseThrow();
    assertThat(usage.acceptedDraftTokens()).hasValue(176);
    assertThat(usage.rejectedDraftTokens()).hasValue(316);
    assertThat(usage.cachedTokens()).hasValue(60);
    assertThat(usage.reasoningTokens()).isEmpty();
    assertThat(usage.toJson())
        .containsKeys("total_tokens", "accepted_draft_tokens_count", "prompt_tokens_details");
    assertThat(Usage.read(usage.toJson())).contains(usage);
    Usage openAi =
        Usage.read(
                json(
                    "{'prompt_tokens':1,'completion_tokens':2,'completion_tokens_details':"
                        + "{'accepted_prediction_tokens':3,'rejected_prediction_tokens':4}}"))
            .orElseThrow();
    assertThat(openAi.acceptedDraftTokens()).hasValue(3);
    assertThat(openAi.rejectedDraftTokens()).hasValue(4);
    ServerStats stats =
        new ServerStats(
            json(
                "{'draft_model':'small','total_draft_tokens_count':9,"
                    + "'accepted_draft_tokens_count':5,'rejected_draft_tokens_count':3,"
                    + "'ignored_draft_tokens_count':1}"));
    assertThat(stats.draftModel()).contains("small");
    assertThat(stats.totalDraftTokens()).hasValue(9);
    assertThat(stats.acceptedDraftTokens()).hasValue(5);
    assertThat(stats.rejectedDraftTokens()).hasValue(3);
    assertThat(stats.ignoredDraftTokens()).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'content':'{\"a\":1}','reasoning_content':'{\"b\":2}' | a",
        "'content':'','reasoning_content':'{\"b\":2}' | b",
        "'content':'','reasoning':'\\n{\"b\":2}\\n' | b",
        "'content':'\\n\\n','reasoning_content':'{\"b\":2}' | b",
        "'content':null,'reasoning_content':'','reasoning':'{\"b\":2}' | b",
        "'content':'<think>{\"b\":2}' | b",
        "'content':'<think>hm</think>{\"a\":1}' | a"
      })
  void structuredAnswer_isFoundWhereLmStudioPutIt(String fields, String name) {
    String escaped = fields.replace("\"", "\\\"");
    assertThat(message(escaped).structured())
        .hasValueSatisfying(json -> assertThat(json).containsOnlyKeys(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'content':'{} and more'",
        "'content':'{}{}'",
        "'content':'{','reasoning_content':'{}'",
        "'content':'','reasoning_content':'I think {}'",
        "'content':''",
        "'content':'[1]'"
      })
  void noObject_isNoStructuredAnswer(String fields) {
    assertThat(message(fields).structured()).isEmpty();
  }

  @Test
  void toolCallsWithReasonStop_endWithToolCalls() {
    Completion answer =
        Completion.of(
            json(
                "{'choices':[{'finish_reason':'stop','message':{'tool_calls':[{'id':'',"
                    + "'function':{'name':'f','arguments':'{}'}}]}}]}"));
    assertThat(answer.finishReason()).isEqualTo("tool_calls");
    assertThat(answer.wantsTools()).isTrue();
    assertThat(answer.cut()).isFalse();
    Message echo = answer.toMessage();
    assertThat(echo.toolCalls()).containsExactly(new ToolCall("call_0", "f", "{}"));
    assertThat(ChatRequest.of("Hi").withMore(echo, Message.tool("call_0", "1")).messages())
        .hasSize(3);
    assertThat(message("'content':'Hi'").wantsTools()).isFalse();
  }

  @Test
  void whatIsNoToolCall_isPassedOver() {
    Completion answer =
        Completion.of(
            json(
                "{'choices':[{'finish_reason':'','message':{'content':'a','tool_calls':[null,7,"
                    + "{'id':'1','function':{'name':'f','arguments':'{}'}}]}}]}"));
    assertThat(answer.toolCalls()).containsExactly(new ToolCall("1", "f", "{}"));
    assertThat(answer.finishReason()).isEqualTo("tool_calls");
  }

  @Test
  void changedAnswer_isWrittenAsItIsNow() {
    Completion answer = Completion.of(recorded("v1-chat-tool-0.4.24.json"));
    JsonObject changed =
        answer.toBuilder().content("x").toolCalls(List.of()).reasoning("").build().toJson();
    assertThat(changed.getJsonArray("choices").getJsonObject(0).getJsonObject("message"))
        .isEqualTo(json("{'role':'assistant','content':'x'}"));
    assertThat(changed)
        .containsEntry(
            "system_fingerprint", recorded("v1-chat-tool-0.4.24.json").get("system_fingerprint"));
  }

  @Test
  void logprobsOfAChat_areTyped() {
    Completion answer =
        Completion.of(
            json(
                "{'choices':[{'message':{'content':'a'},'logprobs':{'content':[{'token':'a',"
                    + "'logprob':-0.5,'top_logprobs':[{'token':'b','logprob':-1}]},7,{}]}}]}"));
    assertThat(answer.tokenLogprobs())
        .containsExactly(
            new TokenLogprob("a", -0.5, List.of(new TokenLogprob("b", -1, List.of()))),
            new TokenLogprob("", Double.NaN, List.of()));
    assertThat(answer.tokenLogprobs().get(0)).hasToString("TokenLogprob[-0.5]");
  }

  @Test
  void logprobsOfAText_areTyped() {
    Completion answer =
        Completion.of(
            json(
                "{'choices':[{'text':'ab','logprobs':{'tokens':['a','b',3],'token_logprobs':[null,"
                    + "-2],'top_logprobs':[{'c':-3}]}}]}"));
    assertThat(answer.tokenLogprobs())
        .containsExactly(
            new TokenLogprob("a", Double.NaN, List.of(new TokenLogprob("c", -3, List.of()))),
            new TokenLogprob("b", -2, List.of()),
            new TokenLogprob("", Double.NaN, List.of()));
  }

  @Test
  void headers_areFoundInAnyCase() {
    Completion answer =
        Completion.builder()
            .headers(Map.of("X-Powered-By", List.of("Express")))
            .logprobs(Optional.empty())
            .build();
    assertThat(answer.headers().get("x-powered-by")).containsExactly("Express");
    assertThat(answer.toBuilder().build()).isEqualTo(answer);
  }
}
