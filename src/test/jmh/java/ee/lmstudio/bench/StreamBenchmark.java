package ee.lmstudio.bench;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Delta;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One stream, poured as fast as it is read: an operation is one event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class StreamBenchmark {
  static final int EVENTS = 10_000;

  private PouringServer server;
  private LmStudio lmStudio;
  private OpenAIClient openAi;
  private OpenAiStreamingChatModel langChain4j;
  private int characters;

  @Setup
  public void connect() throws IOException {
    server = new PouringServer(EVENTS);
    lmStudio = LmStudio.connect(LmStudioSettings.at(server.url()));
    openAi = OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey("none").build();
    langChain4j =
        OpenAiStreamingChatModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("none")
            .modelName("m")
            .build();
  }

  @TearDown
  public void close() throws IOException {
    openAi.close();
    lmStudio.close();
    server.close();
  }

  private int whole() {
    if (characters != EVENTS * PouringServer.TEXT.length()) {
      throw new IllegalStateException("Only " + characters + " characters came");
    }
    return characters;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int lmstudio() {
    characters = 0;
    lmStudio.createChatCompletion(
        ChatRequest.of("m", "Hello"),
        new StreamObserver() {
          @Override
          public void onDelta(Delta delta) {
            characters += delta.content().length();
          }
        });
    return whole();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int openaiJava() {
    characters = 0;
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder().model("m").addUserMessage("Hello").build();
    try (StreamResponse<ChatCompletionChunk> stream =
        openAi.chat().completions().createStreaming(request)) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> characters += choice.delta().content().orElse("").length());
    }
    return whole();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int langchain4j() throws Exception {
    characters = 0;
    CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    langChain4j.chat(
        "Hello",
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String text) {
            characters += text.length();
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            end.completeExceptionally(error);
          }
        });
    end.get(1, TimeUnit.MINUTES);
    return whole();
  }
}
