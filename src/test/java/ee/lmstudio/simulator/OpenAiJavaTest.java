package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import ee.lmstudio.simulator.junit.LmStudioSimulator;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own Java client reads what the simulator sends, and validates every field of chats. */
@LmStudioSimulator(apiTokens = OpenAiJavaTest.TOKEN)
@Timeout(60)
class OpenAiJavaTest {
  static final String TOKEN = "sk-lm-abcdefgh:ABCDEFGHIJ0123456789";

  /** A class of which the client makes a schema: nested, with a list, an enum and an optional. */
  public static class Itinerary {
    @JsonPropertyDescription("Where the journey begins")
    public String city;

    public int days;
    public Season season;
    public List<Stop> stops;
    public Optional<String> remark;

    /** The season. */
    public enum Season {
      SPRING,
      AUTUMN
    }

    /** A stop. */
    public static class Stop {
      public String place;
      public double kilometres;
      public boolean overnight;
    }
  }

  private static OpenAIClient client(SocketSimulator lmStudio, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(lmStudio.url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  @Test
  void structuredAnswer_isReadIntoItsClass(SocketSimulator lmStudio) {
    StructuredChatCompletionCreateParams<Itinerary> params =
        ChatCompletionCreateParams.builder()
            .model("sim-chat")
            .addUserMessage("Plan a journey through Portugal for 5 days in autumn")
            .responseFormat(Itinerary.class)
            .build();
    Itinerary plan =
        client(lmStudio, TOKEN)
            .chat()
            .completions()
            .create(params)
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(plan.city).isEqualTo("Portugal");
    assertThat(plan.days).isEqualTo(5);
    assertThat(plan.season).isEqualTo(Itinerary.Season.AUTUMN);
    assertThat(plan.stops).hasSize(2).allSatisfy(stop -> assertThat(stop.place).isNotBlank());
  }

  @Test
  void response_isTheSamePlainAndStreamed(SocketSimulator lmStudio) {
    // Like LM Studio, it sends "top_p":false and no cache_write_tokens, which validation refuses.
    ResponseCreateParams params =
        ResponseCreateParams.builder().model("sim-chat").input("Why is the sky blue?").build();
    OpenAIClient client =
        client(lmStudio, TOKEN).withOptions(options -> options.responseValidation(false));
    Response plain = client.responses().create(params);
    ResponseAccumulator all = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
      stream.stream().forEach(all::accumulate);
    }
    assertThat(text(all.response())).isEqualTo(text(plain)).isNotBlank();
  }

  private static String text(Response response) {
    return response.output().getLast().asMessage().content().getFirst().asOutputText().text();
  }

  @Test
  void embeddings_areFloats(SocketSimulator lmStudio) {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder()
            .model("text-embedding-sim")
            .input("tea")
            .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
            .build();
    assertThat(client(lmStudio, TOKEN).embeddings().create(params).data().getFirst().embedding())
        .hasSize(768);
  }

  @Test
  void errors_areThoseOfTheClient(SocketSimulator lmStudio) {
    ChatCompletionCreateParams unknown =
        ChatCompletionCreateParams.builder().model("nobody").addUserMessage("hi").build();
    assertThatThrownBy(() -> client(lmStudio, TOKEN).chat().completions().create(unknown))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Invalid model identifier");
    assertThatThrownBy(() -> client(lmStudio, "lm-studio").models().list())
        .isInstanceOf(UnauthorizedException.class);
  }
}
