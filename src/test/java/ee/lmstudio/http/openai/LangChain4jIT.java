package ee.lmstudio.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** LangChain4j's models for OpenAI, unmodified: only the base URL and the key are ours. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class LangChain4jIT {
  private static final String MODEL = "sim-chat";
  private static final String QUESTION = "Tell me about rivers.";

  private static String url(Api api) {
    return api.server().url("v1").toString();
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder chat(Api api) {
    return OpenAiChatModel.builder()
        .baseUrl(url(api))
        .apiKey(PayaraServer.ALICE)
        .modelName(MODEL)
        .maxRetries(0);
  }

  private static ChatRequest ask(ChatMessage... messages) {
    ToolSpecification weather =
        ToolSpecification.builder()
            .name("get_weather")
            .parameters(
                JsonObjectSchema.builder().addStringProperty("city").required("city").build())
            .build();
    return ChatRequest.builder().messages(messages).toolSpecifications(weather).build();
  }

  /** Joins what it hears; its result is the whole answer. */
  private static class Hearing implements StreamingChatResponseHandler {
    final StringBuffer text = new StringBuffer();
    final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String part) {
      text.append(part);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      answer.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      answer.completeExceptionally(error);
    }

    ChatResponse await() throws Exception {
      return answer.get(Api.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static <H extends StreamingChatResponseHandler> H stream(
      Api api, ChatRequest request, H handler) {
    OpenAiStreamingChatModel.builder()
        .baseUrl(url(api))
        .apiKey(PayaraServer.ALICE)
        .modelName(MODEL)
        .build()
        .chat(request, handler);
    return handler;
  }

  @Test
  void catalog_hasTheModelsOfLmStudio(Api api) {
    OpenAiModelCatalog catalog =
        OpenAiModelCatalog.builder().baseUrl(url(api)).apiKey(PayaraServer.ALICE).build();
    assertThat(catalog.listModels()).extracting(ModelDescription::name).contains(MODEL);
  }

  @Test
  void streamedAnswer_joinsToThePlainOne(Api api) throws Exception {
    ChatRequest request = ChatRequest.builder().messages(UserMessage.from(QUESTION)).build();
    ChatResponse whole = chat(api).build().chat(request);
    Hearing hearing = stream(api, request, new Hearing());

    ChatResponse streamed = hearing.await();
    assertThat(hearing.text).hasToString(whole.aiMessage().text());
    assertThat(streamed.aiMessage()).isEqualTo(whole.aiMessage());
    assertThat(streamed.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(streamed.tokenUsage().totalTokenCount())
        .isEqualTo(whole.tokenUsage().totalTokenCount());
  }

  @Test
  void tool_isCalledAndItsResultAnswered(Api api) throws Exception {
    UserMessage question = UserMessage.from("How is the weather in Lisbon?");
    ChatResponse first = stream(api, ask(question), new Hearing()).await();
    assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(first.aiMessage().toolExecutionRequests())
        .singleElement()
        .extracting(ToolExecutionRequest::name)
        .isEqualTo("get_weather");

    ToolExecutionRequest call = first.aiMessage().toolExecutionRequests().getFirst();
    ChatResponse second =
        chat(api)
            .build()
            .chat(
                ask(
                    question,
                    first.aiMessage(),
                    ToolExecutionResultMessage.from(call, "{\"degrees\":21}")));
    assertThat(second.aiMessage().text()).contains("21");
  }

  @Test
  void embeddings_areTheNumbersThatLmStudioSent(Api api) {
    Door.embeddingAnswers(api);
    OpenAiEmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(url(api))
            .apiKey(PayaraServer.ALICE)
            .modelName("text-embedding-sim")
            .build();
    assertThat(model.embed("rivers").content().vector())
        .containsExactly(0.25f, -1.5f, -0.1407836228609085f);
  }

  @Test
  void streamThatIsCancelled_closesTheConnectionToLmStudio(Api api) throws Exception {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("one") + Chunks.text("two")).thenStall());
    stream(
        api,
        ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(),
        new Hearing() {
          @Override
          public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            context.streamingHandle().cancel();
          }
        });
    assertThat(api.lmStudio().awaitStreamClosedByClient(Api.LIMIT)).isTrue();
  }

  @Test
  void breakAfterText_isAnErrorAndNeverAnEnd(Api api) {
    api.chatAnswers(Script.respondWithEvents(Chunks.text("half an answ")).thenReset());
    ChatRequest request = ChatRequest.builder().messages(UserMessage.from(QUESTION)).build();
    Hearing hearing = stream(api, request, new Hearing());
    assertThatThrownBy(hearing::await)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("broke after text");
    assertThat(hearing.text).hasToString("half an answ");
  }

  @Test
  void refusals_areLangChain4jsOwnExceptions(Api api) {
    assertThatThrownBy(() -> chat(api).apiKey("wrong").build().chat(QUESTION))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("invalid_api_key");
    assertThatThrownBy(() -> chat(api).modelName("no-such-model").build().chat(QUESTION))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("no-such-model");
    assertThatThrownBy(() -> chat(api).temperature(3.0).build().chat(QUESTION))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("temperature");
    api.chatAnswers(Script.respondWithJson(429, "{\"error\":\"Too many requests\"}"));
    assertThatThrownBy(() -> chat(api).build().chat(QUESTION))
        .isInstanceOf(RateLimitException.class);
  }
}
