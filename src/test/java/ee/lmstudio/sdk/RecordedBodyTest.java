package ee.lmstudio.sdk;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.ServerStats;
import ee.lmstudio.sdk.model.ToolCall;
import jakarta.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole answers that real servers sent, replayed over HTTP, asked for as stream and plain. */
class RecordedBodyTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String PARIS = "{\"city\":\"Paris\"}";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(options().bindAddress("127.0.0.1").dynamicPort())
          .build();

  private static void replay(String path, int status, String body) {
    SERVER.stubFor(
        post(path)
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("X-Powered-By", "Express")
                    .withHeader("Content-Type", "application/json; charset=utf-8")
                    .withBody(body)));
  }

  private static LmStudio connect(boolean streaming) {
    return LmStudio.connect(
        LmStudioSettings.builder()
            .baseUrl(URI.create(SERVER.baseUrl()))
            .apiKey(Secret.of("sk-lm-12345678:abcdefghijklmnopqrst"))
            .extraHeaders(Map.of("X-Team", "blue"))
            .streamingEnabled(streaming)
            .build());
  }

  private static Completion chat(String file, boolean streaming) {
    replay(CHAT, 200, Recorded.text(file));
    try (LmStudio sdk = connect(streaming)) {
      return sdk.createChatCompletion(ScriptedLmStudio.HELLO);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void plainAnswer_isTakenWhole(boolean streaming) {
    Completion answer = chat("v1-chat-plain-0.4.24.json", streaming);
    assertThat(answer.content()).isEqualTo("Hello there, how are you?");
    assertThat(answer.usage().promptTokens()).isEqualTo(22);
    assertThat(answer.usage().completionTokens()).isEqualTo(8);
    assertThat(answer.usage().reasoningTokens()).hasValue(0);
    assertThat(answer.downgraded()).isTrue();
    assertThat(answer.attempts()).isEqualTo(streaming ? 1 : 0);
    assertThat(answer.stats().server()).isEqualTo(ServerStats.NONE);
    SERVER.verify(
        postRequestedFor(urlEqualTo(CHAT))
            .withHeader("Authorization", equalTo("Bearer sk-lm-12345678:abcdefghijklmnopqrst"))
            .withHeader("X-Team", equalTo("blue"))
            .withHeader("User-Agent", equalTo("lmstudio-ee"))
            .withoutHeader("Accept-Encoding")
            .withoutHeader("Upgrade")
            .withRequestBody(matchingJsonPath("$.stream", equalTo("" + streaming)))
            .withRequestBody(matchingJsonPath("$.messages[0].content", equalTo(Canaries.PROMPT))));
  }

  @Test
  void toolAnswer_hasCallAndReasoning() {
    Completion answer = chat("v1-chat-tool-0.4.24.json", true);
    assertThat(answer.content()).isEmpty();
    assertThat(answer.reasoning()).startsWith("\nThe user is asking").endsWith("\"Paris\"`.");
    assertThat(answer.toolCalls()).containsExactly(new ToolCall("146102770", "get_weather", PARIS));
    assertThat(answer.finishReason()).isEqualTo("tool_calls");
  }

  @Test
  void structuredAnswer_isItsText() {
    assertThat(chat("v1-chat-json_schema.json", false).content()).isEqualTo("{ \"score\": 3 }");
  }

  @Test
  void answerOf0_3_13_hasTheServersStats() {
    Completion answer = chat("v0-chat-plain.json", false);
    assertThat(answer.content()).isEqualTo("The capital of France is Paris.");
    assertThat(answer.stats().server().timeToFirstToken()).contains(Duration.ofMillis(354));
    assertThat(answer.stats().toJson())
        .containsEntry("stop_reason", Json.createValue("stop"))
        .containsKeys("time_to_first_token_ms", "duration_ms", "tokens_per_second");
  }

  @ParameterizedTest
  @CsvSource({
    "v0-chat-tool-multiple-only-one-returned.json, 842801812, get_current_weather",
    "doc-chat-tool.json, 365174485, search_products"
  })
  void toolCallOfOlderServers_isRead(String file, String id, String name) {
    assertThat(chat(file, true).toolCalls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.id()).isEqualTo(id);
              assertThat(call.name()).isEqualTo(name);
              assertThat(call.toJson().getJsonObject("function").getString("arguments"))
                  .startsWith("{");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "v0-chat-tool-conversation.json, 401",
    "v0-chat-tool-missing-required.json, 221",
    "doc-v0-chat.json, 77"
  })
  void otherAnswers_areRead(String file, int tokens) {
    Completion answer = chat(file, true);
    assertThat(answer.content()).isNotBlank();
    assertThat(answer.usage().totalTokens()).isEqualTo(tokens);
    assertThat(answer.usage().toJson().getInt("total_tokens")).isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource({"v0-completions-length.json", "doc-v0-completions.json"})
  void completion_isItsTextAndWasCut(String file) {
    replay("/v1/completions", 200, Recorded.text(file));
    try (LmStudio sdk = connect(true)) {
      Completion answer = sdk.createCompletion(CompletionRequest.of("Life is").withModel("m"));
      assertThat(answer.content()).startsWith(" ");
      assertThat(answer.finishReason()).isEqualTo("length");
    }
  }

  @Test
  void recordedErrors_areMapped() {
    try (LmStudio sdk = connect(true)) {
      replay(CHAT, 400, Recorded.body("err-400-model_not_found-chat.http.txt"));
      assertThatThrownBy(() -> sdk.createChatCompletion(ChatRequest.of("not-a-model", "Hi")))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessageContaining("not-a-model");
      replay(CHAT, 401, Recorded.text("err-401-api-token-required.json"));
      assertThatThrownBy(() -> sdk.createChatCompletion(ScriptedLmStudio.HELLO))
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("API token is required");
    }
  }
}
