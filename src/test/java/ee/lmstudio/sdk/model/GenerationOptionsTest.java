package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationOptionsTest {
  private static final Tool TOOL = Tool.function("f", "does f", JsonValue.EMPTY_JSON_OBJECT);

  private static GenerationOptionsBuilder all() {
    return GenerationOptions.builder()
        .temperature(0.5)
        .topP(0.9)
        .topK(40)
        .minP(0.05)
        .repeatPenalty(1.1)
        .presencePenalty(-2)
        .frequencyPenalty(2)
        .logitBias(Map.of("50256", -100.0))
        .logprobs(true)
        .topLogprobs(3)
        .seed(Long.MIN_VALUE)
        .stop(List.of("END", "STOP"))
        .maxTokens(-1)
        .maxCompletionTokens(100)
        .echo(true)
        .bestOf(2)
        .ttl(Duration.ofMinutes(5))
        .draftModel("small")
        .reasoningEffort(ReasoningEffort.XHIGH)
        .tools(TOOL)
        .toolChoice(ToolChoice.REQUIRED)
        .responseFormat(ResponseFormat.TEXT)
        .field("cache_prompt", JsonValue.TRUE);
  }

  @Test
  void everyOption_isSentUnderLmStudiosName() {
    assertThat(all().build().toJson())
        .isEqualTo(
            JsonText.readObject(
                    """
                    {"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.05,"repeat_penalty":1.1,
                     "presence_penalty":-2.0,"frequency_penalty":2.0,"logit_bias":{"50256":-100.0},
                     "logprobs":true,"top_logprobs":3,"seed":-9223372036854775808,
                     "stop":["END","STOP"],"max_tokens":-1,"max_completion_tokens":100,"echo":true,
                     "best_of":2,"ttl":300,"draft_model":"small","reasoning_effort":"xhigh",
                     "tools":[{"type":"function","function":
                       {"name":"f","description":"does f","parameters":{}}}],
                     "tool_choice":"required","response_format":{"type":"text"},
                     "cache_prompt":true}
                    """)
                .orElseThrow());
  }

  @Test
  void everyOption_isReadBack() {
    GenerationOptions options = GenerationOptions.of(all().build().json());
    assertThat(options.temperature()).hasValue(0.5);
    assertThat(options.topP()).hasValue(0.9);
    assertThat(options.topK()).hasValue(40);
    assertThat(options.minP()).hasValue(0.05);
    assertThat(options.repeatPenalty()).hasValue(1.1);
    assertThat(options.presencePenalty()).hasValue(-2);
    assertThat(options.frequencyPenalty()).hasValue(2);
    assertThat(options.logitBias()).isEqualTo(Map.of("50256", -100.0));
    assertThat(options.logprobs()).isTrue();
    assertThat(options.topLogprobs()).hasValue(3);
    assertThat(options.seed()).hasValue(Long.MIN_VALUE);
    assertThat(options.stop()).containsExactly("END", "STOP");
    assertThat(options.maxTokens()).hasValue(-1);
    assertThat(options.maxCompletionTokens()).hasValue(100);
    assertThat(options.echo()).isTrue();
    assertThat(options.bestOf()).hasValue(2);
    assertThat(options.ttl()).contains(Duration.ofSeconds(300));
    assertThat(options.draftModel()).contains("small");
    assertThat(options.reasoningEffort()).contains(ReasoningEffort.XHIGH);
    assertThat(options.tools()).containsExactly(TOOL);
    assertThat(options.toolChoice()).contains(ToolChoice.REQUIRED);
    assertThat(options.responseFormat()).contains(ResponseFormat.TEXT);
    assertThat(options.json()).containsEntry("cache_prompt", JsonValue.TRUE);
  }

  @Test
  void nothingSet_isEmpty() {
    GenerationOptions options = GenerationOptions.NONE;
    assertThat(options.temperature()).isEmpty();
    assertThat(options.topK()).isEmpty();
    assertThat(options.topLogprobs()).isEmpty();
    assertThat(options.logitBias()).isEmpty();
    assertThat(options.logprobs()).isFalse();
    assertThat(options.echo()).isFalse();
    assertThat(options.stop()).isEmpty();
    assertThat(options.ttl()).isEmpty();
    assertThat(options.reasoningEffort()).isEmpty();
    assertThat(options.tools()).isEmpty();
    assertThat(options.toolChoice()).isEmpty();
    assertThat(options.responseFormat()).isEmpty();
  }

  @Test
  void builder_goesOnAfterBuild() {
    GenerationOptionsBuilder builder = GenerationOptions.builder().topK(1);
    assertThat(builder.build().topK()).hasValue(1);
    GenerationOptions both = builder.seed(2).build();
    assertThat(both.topK()).hasValue(1);
    assertThat(both.toBuilder().seed(3).build().seed()).hasValue(3);
    assertThat(both).hasToString("GenerationOptions[top_k, seed]");
  }

  @Test
  void logprobsOfAText_areANumber() {
    GenerationOptions options = GenerationOptions.builder().logprobs(5).build();
    assertThat(options.logprobs()).isTrue();
    assertThat(options.topLogprobs()).hasValue(5);
    assertThat(CompletionRequest.of("m", "a").withOptions(options).withSuffix("b").toJson())
        .containsKeys("model", "suffix", "logprobs");
  }

  @Test
  void oneStop_mayBeAText() {
    JsonObject json = Json.createObjectBuilder().add("stop", "END").build();
    assertThat(GenerationOptions.of(json).stop()).containsExactly("END");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temperature\":-0.1 | temperature | -0.1; it must be from 0 to 2",
        "\"temperature\":\"1\" | temperature | a string; it must be a number",
        "\"top_k\":1.5 | top_k | a whole number of 64 bits",
        "\"top_logprobs\":-1 | top_logprobs | a whole number, 0 or more",
        "\"max_completion_tokens\":0 | max_completion_tokens | 1 or more, or -1",
        "\"repeat_penalty\":\"1\" | repeat_penalty | a number",
        "\"min_p\":1e400 | min_p | it must be from -1.7976931348623157E308 to"
            + " 1.7976931348623157E308",
        "\"logit_bias\":{\"7\":\"1\"} | logit_bias.7 | a number",
        "\"logit_bias\":7 | logit_bias | must be an object",
        "\"logprobs\":\"yes\" | logprobs | a boolean",
        "\"echo\":1 | echo | a boolean",
        "\"n\":0 | n | 1 or more",
        "\"parallel_tool_calls\":\"yes\" | parallel_tool_calls | a boolean",
        "\"user\":7 | user | a string",
        "\"metadata\":[] | metadata | an object",
        "\"best_of\":0 | best_of | 1 or more",
        "\"draft_model\":\"\" | draft_model | blank",
        "\"draft_model\":{} | draft_model | an object; it must be a string",
        "\"reasoning_effort\":[] | reasoning_effort | an array; it must be a string",
        "\"tool_choice\":false | tool_choice | a boolean; it must be a string",
        "\"tools\":{} | tools | an array",
        "\"tools\":[null] | tools[0] | null; it must be an object",
        "\"tools\":[{\"type\":\"function\"}] | tools[0].function | missing",
        "\"response_format\":\"json\" | response_format | must be an object",
        "\"response_format\":{\"type\":\"\"} | response_format.type | is empty",
        "\"stop\":[\"\",1] | stop[1] | a string",
        "\"stop\":{} | stop | up to 4 strings",
        "\"seed\":9223372036854775808 | seed | it must be a whole number of 64 bits",
        "\"suffix\":\"\" | suffix | is not an option",
        "\"stream_options\":{} | stream_options | is not an option",
      })
  void wrongOption_isNamedWithWhatIsAllowed(String option, String field, String reason) {
    JsonObject json = JsonText.readObject("{" + option + "}").orElseThrow();
    assertThatThrownBy(() -> GenerationOptions.of(json))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> {
              assertThat(error.faults())
                  .singleElement()
                  .satisfies(
                      fault -> {
                        assertThat(fault.field()).isEqualTo(field);
                        assertThat(fault.reason()).contains(reason);
                      });
              assertThat(error.hint()).isNotBlank();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'reasoning_effort':'off'}",
        "{'reasoning_effort':'on'}",
        "{'reasoning_effort':'much'}",
        "{'tool_choice':'any'}",
        "{'tool_choice':{'type':'allowed_tools','mode':'auto','tools':[]}}",
        "{'tool_choice':{'type':'function','function':{'name':'not_offered'}}}",
        "{'response_format':{'type':'json_object'}}",
        "{'response_format':{'type':'grammar','grammar':'x'}}",
        "{'n':2}",
        "{'logprobs':3}",
        "{'top_logprobs':50}",
        "{'top_k':-1}",
        "{'min_p':-1}",
        "{'repeat_penalty':-1}",
        "{'ttl':-1}",
        "{'logit_bias':{'7':1000}}"
      })
  void valueThatSomeVersionMayAccept_isSentAsItIs(String options) {
    JsonObject json = JsonText.readObject(options.replace('\'', '"')).orElseThrow();
    JsonObject sent = ChatRequest.of("Hi").withOptions(GenerationOptions.of(json)).toJson();
    assertThat(sent.entrySet()).containsAll(json.entrySet());
  }

  @Test
  void otherEffort_isSentAsTheWordGiven() {
    GenerationOptions options = GenerationOptions.builder().reasoningEffort("ultra").build();
    assertThat(options.json().getString("reasoning_effort")).isEqualTo("ultra");
    assertThat(options.reasoningEffort()).isEmpty();
  }

  @Test
  void allWrongOptions_areToldAtOnce() {
    assertThatThrownBy(() -> GenerationOptions.builder().temperature(3).topP(2).build())
        .isInstanceOfSatisfying(
            ValidationException.class, error -> assertThat(error.faults()).hasSize(2))
        .hasMessage("2 fields are wrong; the first is temperature: is 3.0; it must be from 0 to 2");
  }

  @Test
  void numbersThatJsonHasNot_areRefused() {
    assertThatThrownBy(() -> GenerationOptions.builder().logitBias(Map.of("1", Double.NaN)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("logit_bias.1");
    assertThatThrownBy(() -> GenerationOptions.builder().ttl(Duration.ofMillis(500)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("whole seconds");
  }

  @ParameterizedTest
  @EnumSource
  void everyEffort_isReadBack(ReasoningEffort effort) {
    GenerationOptions options = GenerationOptions.builder().reasoningEffort(effort).build();
    assertThat(options.reasoningEffort()).contains(effort);
  }

  @ParameterizedTest
  @EnumSource
  void everyChoice_isReadBack(ToolChoice choice) {
    assertThat(GenerationOptions.builder().toolChoice(choice).build().toolChoice())
        .contains(choice);
  }
}
