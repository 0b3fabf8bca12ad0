package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests: what they refuse, what they send, what they do not show. */
class RequestTest {
  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("messages", () -> new ChatRequest(NONE, List.of(), GenerationOptions.NONE)),
        wrong("prompt", () -> CompletionRequest.of("")),
        wrong("role", () -> message("{'role':'robot','content':'x'}")),
        wrong("role", () -> message("{'content':'x'}")),
        wrong("temperature", () -> options().temperature(2.1).build()),
        wrong("temperature", () -> options().temperature(Double.NaN)),
        wrong("top_p", () -> options().topP(-0.1).build()),
        wrong("max_tokens", () -> options().maxTokens(0).build()),
        wrong("max_tokens", () -> options().maxTokens(-2).build()),
        wrong("stop", () -> options().stop(List.of("1", "2", "3", "4", "5")).build()),
        wrong("stream", () -> options().field("stream", JsonValue.TRUE).build()),
        wrong("model", () -> options().field("model", JsonValue.NULL).build()),
        wrong("limit", () -> filter(0)),
        wrong("limit", () -> filter(1001)));
  }

  private static final Optional<String> NONE = Optional.empty();

  private static Arguments wrong(String field, ThrowingCallable request) {
    return Arguments.of(field, request);
  }

  private static GenerationOptionsBuilder options() {
    return GenerationOptions.builder();
  }

  private static Message message(String json) {
    return new Message(json(json));
  }

  private static ModelFilter filter(int limit) {
    return new ModelFilter(NONE, NONE, OptionalInt.of(limit), NONE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void wrongField_isNamed(String field, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> assertThat(error.faults().get(0).field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void limitsOfThePage_areAllowed(int limit) {
    assertThatCode(() -> filter(limit)).doesNotThrowAnyException();
  }

  @Test
  void chat_isSentWithAllItsFields() {
    GenerationOptions options =
        options()
            .temperature(0)
            .topP(1)
            .topK(40)
            .maxTokens(-1)
            .seed(7)
            .stop(List.of("END"))
            .field("ttl", Json.createValue(60))
            .build();
    ChatRequest request = ChatRequest.of("m", "Hi").withOptions(options);
    assertThat(request.toJson().toString())
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"temperature\":0.0,\"top_p\":1.0,\"top_k\":40,\"max_tokens\":-1,\"seed\":7,"
                + "\"stop\":[\"END\"],\"ttl\":60}");
    assertThat(request.path()).isEqualTo("v1/chat/completions");
  }

  @Test
  void completion_isSentWithItsSuffix() {
    CompletionRequest request =
        new CompletionRequest(NONE, "for (", Optional.of("}"), GenerationOptions.NONE);
    assertThat(request.withModel("m").toJson().toString())
        .isEqualTo("{\"model\":\"m\",\"prompt\":\"for (\",\"suffix\":\"}\"}");
    assertThat(request.path()).isEqualTo("v1/completions");
    assertThat(request.estimatedPromptTokens()).isEqualTo(4 + 2);
  }

  @Test
  void estimate_isAQuarterOfTheBytesAndFourForEachMessage() {
    ChatRequest request =
        new ChatRequest(
            NONE,
            List.of(
                Message.system("€€"),
                Message.assistant("a😀"),
                message(
                    "{'role':'user','content':[{'type':'text','text':'abcd'},{'type':'x','x':1}]}"),
                message("{'role':'assistant','content':null,'tool_calls':[]}")),
            GenerationOptions.NONE);
    assertThat(request.estimatedPromptTokens()).isEqualTo((4 + 2) + (4 + 2) + (4 + 1) + 4);
  }

  @Test
  void texts_doNotShow() {
    String secret = "prompt-canary";
    Delta delta = Delta.ofContent(secret);
    assertThat(
            List.of(
                ChatRequest.of(secret),
                ChatRequest.of("m", secret),
                CompletionRequest.of(secret),
                Message.user(secret),
                delta,
                Completion.builder().model("m").content(secret).reasoning(secret).build()))
        .allSatisfy(value -> assertThat(value.toString()).isNotBlank().doesNotContain(secret));
    assertThat(delta.nothing()).isFalse();
    assertThat(Delta.ofContent("").nothing()).isTrue();
  }
}
