package ee.lmstudio.sdk;

import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.SimulatorRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain JSON calls arrive alike, whichever client sends them. */
@Timeout(60)
abstract class PlainJsonContract {
  private static final String MODELS = "{\"data\":[{\"id\":\"m\"}]}";
  private static final String VECTOR = "{\"data\":[{\"index\":0,\"embedding\":[1.5]}]}";
  private static final int CALLS = 40;

  private final ScriptedLmStudio lmStudio;

  PlainJsonContract(BiFunction<LmStudioSettings, CallListener, LmStudio> connect) {
    lmStudio = new ScriptedLmStudio(s -> s.maxRetries(0), connect);
  }

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private void answersModels() {
    lmStudio.server.enqueue("/v1/models", respondWithJson(200, MODELS));
  }

  @Test
  void closed_sendsNothing() {
    lmStudio.sdk.close();
    assertThatThrownBy(() -> lmStudio.sdk.listModels(ModelFilter.ALL))
        .isInstanceOf(CancelledException.class);
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  @Test
  void refusal_keepsItsStatusAndBody() {
    lmStudio.server.enqueue("/v1/embeddings", respondWithJson(429, "{\"error\":\"busy\"}"));
    assertThatThrownBy(
            () -> lmStudio.sdk.createEmbedding(EmbeddingRequest.of("text").withModel("e")))
        .isInstanceOf(RateLimitedException.class)
        .hasMessage("LM Studio is busy (429): busy");
  }

  @Test
  void post_saysWhatItIsAndWhatItTakesOnce() {
    lmStudio.server.enqueue("/v1/embeddings", respondWithJson(200, VECTOR));
    lmStudio.sdk.createEmbedding(EmbeddingRequest.of("text").withModel("e"));
    SimulatorRequest posted = lmStudio.server.requests().getLast();
    assertThat(posted.target()).isEqualTo("/v1/embeddings");
    assertThat(posted.header("Content-Type")).hasValue("application/json");
    assertThat(posted.header("Accept")).hasValue("application/json");
    assertThat(posted.header("User-Agent")).hasValue("lmstudio-ee");
    assertThat(posted.header("Authorization")).hasValue("Bearer " + Canaries.KEY);
  }

  @Test
  void query_arrivesAsItWasMeant() {
    answersModels();
    lmStudio.sdk.listModels(
        new ModelFilter(
            Optional.of("{a} b&c=%d"), Optional.empty(), OptionalInt.of(3), Optional.empty()));
    assertThat(lmStudio.server.requests().getFirst().target())
        .isEqualTo("/v1/models?limit=3&owned_by=%7Ba%7D%20b%26c%3D%25d");
  }

  @Test
  void viewsAtTheSameTime_keepTheirKeysApart() throws Exception {
    IntStream.range(0, CALLS).forEach(i -> answersModels());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> calls =
          IntStream.range(0, CALLS).mapToObj(i -> threads.submit(() -> list("v" + i))).toList();
      for (Future<?> call : calls) {
        call.get();
      }
    }
    List<SimulatorRequest> requests = lmStudio.server.requests();
    assertThat(requests).hasSizeGreaterThanOrEqualTo(CALLS);
    assertThat(requests)
        .allSatisfy(
            request ->
                assertThat(request.header("Authorization").orElseThrow())
                    .isEqualTo("Bearer " + request.header("X-View").orElseThrow()));
    assertThat(requests.stream().map(request -> request.header("X-View").orElseThrow()).distinct())
        .hasSize(CALLS);
  }

  private void list(String view) {
    lmStudio
        .sdk
        .with(
            CallOptions.builder()
                .apiKey(Secret.of(view))
                .extraHeaders(Map.of("X-View", view))
                .build())
        .listModels(ModelFilter.ALL);
  }
}
