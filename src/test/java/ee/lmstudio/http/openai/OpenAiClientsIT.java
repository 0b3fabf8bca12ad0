package ee.lmstudio.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own Java client, unmodified: only its base URL and its key are not the default. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class OpenAiClientsIT {
  private static final String MODEL = "sim-chat";
  private static final String QUESTION = "Tell me about rivers.";

  private static OpenAIClient client(Api api, String key) {
    String url = api.server().url("v1").toString();
    return OpenAIOkHttpClient.builder().baseUrl(url).apiKey(key).maxRetries(0).build();
  }

  private static OpenAIClient client(Api api) {
    return client(api, PayaraServer.ALICE);
  }

  private static ChatCompletionCreateParams.Builder ask(String question) {
    return ChatCompletionCreateParams.builder().model(MODEL).addUserMessage(question);
  }

  private static ChatCompletion chat(Api api, ChatCompletionCreateParams params) {
    return client(api).chat().completions().create(params);
  }

  /** What the client's own helper makes of the stream. */
  private static ChatCompletion streamed(Api api, ChatCompletionCreateParams params) {
    ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client(api).chat().completions().createStreaming(params)) {
      stream.stream().forEach(all::accumulate);
    }
    return all.chatCompletion();
  }

  private static ChatCompletionMessage message(ChatCompletion completion) {
    return completion.choices().getFirst().message();
  }

  private static ChatCompletionCreateParams.Builder askForWeather() {
    FunctionParameters parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
            .putAdditionalProperty("required", JsonValue.from(List.of("city")))
            .build();
    return ask("How is the weather in Lisbon?")
        .addFunctionTool(
            FunctionDefinition.builder().name("get_weather").parameters(parameters).build());
  }

  private static ChatCompletionMessageFunctionToolCall onlyCall(ChatCompletion completion) {
    assertThat(completion.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
    assertThat(message(completion).toolCalls().orElseThrow()).hasSize(1);
    return message(completion).toolCalls().orElseThrow().getFirst().asFunction();
  }

  @Test
  void listedModel_isRetrievedById(Api api) {
    List<Model> models = client(api).models().list().items();
    assertThat(models).extracting(Model::id).contains(MODEL);
    assertThat(client(api).models().retrieve(MODEL).validate()).isIn(models);
  }

  @Test
  void idWithSlash_isRetrieved(Api api) {
    api.lmStudio()
        .enqueue(
            "/v1/models",
            Script.respondWithJson(
                200, "{\"object\":\"list\",\"data\":[{\"id\":\"qwen/qwen3-8b\"}]}"));
    assertThat(client(api).models().retrieve("qwen/qwen3-8b").id()).isEqualTo("qwen/qwen3-8b");
  }

  @Test
  void plainAnswer_isWhole(Api api) {
    ChatCompletion completion = chat(api, ask(QUESTION).build()).validate();
    assertThat(message(completion).content().orElseThrow()).isNotBlank();
    assertThat(completion.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    assertThat(completion.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  void streamedAnswer_joinsToThePlainOne(Api api) {
    ChatCompletion whole = chat(api, ask(QUESTION).build());
    ChatCompletion streamed =
        streamed(
            api,
            ask(QUESTION)
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
    assertThat(message(streamed).content()).isEqualTo(message(whole).content());
    assertThat(streamed.usage().orElseThrow().totalTokens())
        .isEqualTo(whole.usage().orElseThrow().totalTokens());
  }

  @Test
  void everyChunk_hasWhatTheClientNeeds(Api api) {
    try (StreamResponse<ChatCompletionChunk> stream =
        client(api).chat().completions().createStreaming(ask(QUESTION).build())) {
      assertThat(stream.stream().toList())
          .hasSizeGreaterThan(2)
          .allSatisfy(ChatCompletionChunk::validate);
    }
  }

  @Test
  void completion_isAnswered(Api api) {
    CompletionCreateParams params =
        CompletionCreateParams.builder().model(MODEL).prompt("Rivers are").build();
    String whole = client(api).completions().create(params).choices().getFirst().text();
    List<String> parts = new ArrayList<>();
    try (var stream = client(api).completions().createStreaming(params)) {
      stream.stream().forEach(part -> parts.add(part.choices().getFirst().text()));
    }
    assertThat(String.join("", parts)).isEqualTo(whole).isNotBlank();
  }

  @Test
  void fragmentsOfAToolCall_areJoined(Api api) {
    ChatCompletionMessageFunctionToolCall.Function called =
        onlyCall(streamed(api, askForWeather().build())).function();
    assertThat(called.name()).isEqualTo("get_weather");
    assertThat(called).isEqualTo(onlyCall(chat(api, askForWeather().build())).function());
  }

  @Test
  void secondTurnWithTheResult_getsAnAnswer(Api api) {
    ChatCompletion first = chat(api, askForWeather().build());
    ChatCompletion second =
        chat(
            api,
            askForWeather()
                .addMessage(message(first))
                .addMessage(
                    ChatCompletionToolMessageParam.builder()
                        .toolCallId(onlyCall(first).id())
                        .content("{\"degrees\":21}")
                        .build())
                .build());
    assertThat(message(second).content().orElseThrow()).contains("21");
  }

  @Test
  void embeddings_areTheNumbersThatLmStudioSent(Api api) {
    Door.embeddingAnswers(api);
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder().model("text-embedding-sim").input("rivers").build();
    assertThat(client(api).embeddings().create(params).data().getFirst().embedding())
        .containsExactly(0.25f, -1.5f, -0.1407836228609085f);
  }

  @Test
  void streamThatIsClosedEarly_closesTheConnectionToLmStudio(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("one")).thenStall());
    try (StreamResponse<ChatCompletionChunk> stream =
        client(api).chat().completions().createStreaming(ask(QUESTION).build())) {
      ChatCompletionChunk first = stream.stream().iterator().next();
      assertThat(first.choices().getFirst().delta().content()).contains("one");
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();
  }

  @Test
  void breakAfterText_isAnExceptionAndNeverAnEnd(Api api) {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("half an answ")).thenReset());
    try (StreamResponse<ChatCompletionChunk> stream =
        client(api).chat().completions().createStreaming(ask(QUESTION).build())) {
      Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
      assertThat(chunks.next().choices().getFirst().delta().content()).contains("half an answ");
      SseException broken = catchThrowableOfType(SseException.class, chunks::hasNext);
      assertThat(broken.type()).contains("server_error");
    }
  }

  @Test
  void wrongKey_isAnUnauthorizedException(Api api) {
    UnauthorizedException refused =
        catchThrowableOfType(
            UnauthorizedException.class,
            () -> client(api, "wrong").chat().completions().create(ask(QUESTION).build()));
    assertThat(refused.code()).contains("invalid_api_key");
  }

  @Test
  void unknownModel_isANotFoundException(Api api) {
    assertRefused(
        NotFoundException.class, api, ask(QUESTION).model("no-such-model"), "model_not_found");
    NotFoundException none =
        catchThrowableOfType(
            NotFoundException.class, () -> client(api).models().retrieve("qwen/none"));
    assertThat(none.code()).contains("model_not_found");
  }

  @Test
  void wrongField_isABadRequestExceptionWithItsName(Api api) {
    BadRequestException refused =
        assertRefused(
            BadRequestException.class, api, ask(QUESTION).temperature(3), "validation_failed");
    assertThat(refused.param()).contains("temperature");
  }

  @Test
  void rateLimitOfLmStudio_isARateLimitExceptionWithRetryAfter(Api api) {
    api.chatAnswers(
        Script.respondWithJson(429, "{\"error\":\"Too many requests\"}")
            .header("Retry-After", "7"));
    RateLimitException refused =
        assertRefused(RateLimitException.class, api, ask(QUESTION), "rate_limit_exceeded");
    assertThat(refused.headers().values("Retry-After")).containsExactly("7");
  }

  private static <E extends OpenAIServiceException> E assertRefused(
      Class<E> type, Api api, ChatCompletionCreateParams.Builder ask, String code) {
    E refused = catchThrowableOfType(type, () -> chat(api, ask.build()));
    assertThat(refused.code()).contains(code);
    return refused;
  }
}
