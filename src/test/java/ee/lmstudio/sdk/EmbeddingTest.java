package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.EmbeddingUsage;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code createEmbedding}: what it asks, what it takes for an answer, and what it refuses. */
@Timeout(60)
class EmbeddingTest {
  private static final EmbeddingRequest TWO =
      EmbeddingRequest.of(List.of("one", "two")).withModel("e");

  private static Script vectors(String... entries) {
    return Script.respondWithJson(200, body("e", "", entries));
  }

  private static String body(String model, String more, String... entries) {
    return "{\"object\":\"list\",\"data\":[%s],\"model\":\"%s\"%s}"
        .formatted(String.join(",", entries), model, more);
  }

  private static String entry(int index, String numbers) {
    return "{\"object\":\"embedding\",\"index\":%d,\"embedding\":%s}".formatted(index, numbers);
  }

  private static String base64(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return '"' + Base64.getEncoder().encodeToString(bytes.array()) + '"';
  }

  private static EmbeddingAnswer answer(Script script) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      return lmStudio.answering(script).sdk.createEmbedding(TWO);
    }
  }

  private static LmStudioException failure(Script script) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.maxRetries(0))) {
      lmStudio.answering(script);
      AtomicReference<LmStudioException> caught = new AtomicReference<>();
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(TWO))
          .isInstanceOfSatisfying(LmStudioException.class, caught::set);
      return caught.get();
    }
  }

  @Test
  void simulator_answersWithUnitVectorsInOrder() {
    SimulatorSettings fast = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    try (SocketSimulator server = SocketSimulator.start(fast);
        LmStudio sdk = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      EmbeddingAnswer answer =
          sdk.createEmbedding(EmbeddingRequest.of(List.of("green tea", "black tea")));
      assertThat(answer.model()).isEqualTo("text-embedding-sim");
      assertThat(answer.embeddings()).hasSize(2);
      assertThat(answer.dimension()).isEqualTo(768);
      for (Embedding vector : answer.embeddings()) {
        double square = 0;
        for (float number : vector.toArray()) {
          square += number * number;
        }
        assertThat(square).isCloseTo(1, within(1e-4));
      }
      assertThat(answer.usage()).isEqualTo(EmbeddingUsage.NONE);
      EmbeddingAnswer alone = sdk.createEmbedding(EmbeddingRequest.of("black tea"));
      assertThat(alone.embeddings()).containsExactly(answer.embeddings().get(1));
    }
  }

  @Test
  void request_asksForFloatsAndPassesExtraFieldsOn() {
    JsonObject json =
        JsonText.readObject("{\"model\":\"e\",\"input\":\"one\",\"dimensions\":2,\"user\":\"u\"}")
            .orElseThrow();
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(vectors(entry(0, "[1,0]")));
      lmStudio.sdk.createEmbedding(EmbeddingRequest.of(json));
      SimulatorRequest sent = lmStudio.posts().get(0);
      assertThat(sent.path()).isEqualTo("/v1/embeddings");
      assertThat(sent.header("Authorization")).hasValue("Bearer " + Canaries.KEY);
      assertThat(JsonText.readObject(sent.bodyText()))
          .isEqualTo(
              JsonText.readObject(
                  "{\"user\":\"u\",\"model\":\"e\",\"input\":[\"one\"],\"dimensions\":2,"
                      + "\"encoding_format\":\"float\"}"));
    }
  }

  @Test
  void floatsAndBase64_areReadInOrderOfTheirIndex() {
    EmbeddingAnswer answer = answer(vectors(entry(1, base64(0.5f, -2)), entry(0, "[1e-3, 0.25]")));
    assertThat(answer.embeddings())
        .containsExactly(Embedding.of(0.001f, 0.25f), Embedding.of(0.5f, -2));
    assertThat(answer.embeddings().get(1).get(1)).isEqualTo(-2);
  }

  @Test
  void entriesWithoutIndex_areInTheirOwnOrder() {
    assertThat(answer(vectors("{\"embedding\":[1]}", "{\"embedding\":[2]}")).embeddings())
        .containsExactly(Embedding.of(1), Embedding.of(2));
  }

  @Test
  void unknownFields_survive() {
    String more = ",\"stats\":{\"a\":1},\"usage\":{\"prompt_tokens\":3,\"total_tokens\":4}";
    String json = body("e", more, entry(0, "[1.0]"), entry(1, "[2.0]"));
    EmbeddingAnswer answer = answer(Script.respondWithJson(200, json));
    assertThat(answer.usage()).isEqualTo(new EmbeddingUsage(3, 4, true));
    assertThat(answer.toJson()).isEqualTo(JsonText.readObject(json).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|[1]|The vector is empty",
        "[0,0,0]|[1]|All 3 numbers are 0",
        "[1,\"a\"]|[1]|NaN",
        "[1e300]|[1]|Infinity",
        "\"AAA=\"|[1]|2 bytes are not a whole number",
        "\"not base64!\"|[1]|Illegal base64",
        "null|[1]|cannot be used",
        "{}|[1]|missing",
        "[1,2]|[1,2,3]|Vector 0 has 2 numbers, vector 1 has 3"
      })
  void vectorThatIsNone_isRefusedWithItsNumbers(String first, String second, String says) {
    assertThat(failure(vectors(entry(0, first), entry(1, second))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(says);
  }

  @Test
  void wrongCountOrIndex_isRefused() {
    assertThat(failure(vectors(entry(0, "[1]"))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1 vectors for 2 texts");
    assertThat(failure(vectors(entry(0, "[1]"), entry(0, "[1]"))))
        .hasMessageContaining("Entry 1 has the index 0, but there are 2 entries");
    assertThat(failure(vectors(entry(0, "[1]"), entry(2, "[1]"))))
        .hasMessageContaining("Entry 1 has the index 2, but there are 2 entries");
    assertThat(failure(vectors(entry(0, "[1]"), entry(-1, "[1]"))))
        .hasMessageContaining("Entry 1 has the index -1, but there are 2 entries");
    assertThat(failure(vectors(entry(0, "[1]"), "7")))
        .hasMessageContaining("Entry 1 is not " + "an object");
    assertThat(failure(Script.respondWithJson(200, "{\"data\":7}")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("'data' is not a list");
  }

  @Test
  void longList_goesOutInPartsAndComesBackWhole() {
    List<String> texts = IntStream.range(0, 130).mapToObj(i -> "text " + i).toList();
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(part(0, 64, ""), part(64, 64, ""), part(128, 2, ""));
      EmbeddingAnswer answer =
          lmStudio.sdk.createEmbedding(EmbeddingRequest.of(texts).withModel("e"));
      assertThat(answer.embeddings())
          .isEqualTo(IntStream.range(0, 130).mapToObj(i -> Embedding.of(1, i)).toList());
      assertThat(answer.usage()).isEqualTo(new EmbeddingUsage(6, 12, true));
      assertThat(
              lmStudio.posts().stream()
                  .flatMap(
                      sent ->
                          JsonText.readObject(sent.bodyText())
                              .orElseThrow()
                              .getJsonArray("input")
                              .getValuesAs(JsonString.class)
                              .stream())
                  .map(JsonString::getString))
          .isEqualTo(texts);
    }
  }

  private static Script part(int from, int count, String model) {
    String usage = ",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":4}";
    String[] entries =
        IntStream.range(0, count)
            .mapToObj(i -> entry(i, "[1," + (from + i) + "]"))
            .toArray(String[]::new);
    return Script.respondWithJson(200, body("e" + model, usage, entries));
  }

  @Test
  void partsOfDifferentModelsOrDimensions_areRefused() {
    List<String> texts = IntStream.range(0, 65).mapToObj(i -> "text " + i).toList();
    EmbeddingRequest request = EmbeddingRequest.of(texts).withModel("e");
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(part(0, 64, ""), part(64, 1, "-other"));
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(request))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("'e'")
          .hasMessageContaining("'e-other'");
      lmStudio.answering(part(0, 64, ""), vectors(entry(0, "[1,2,3]")));
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(request))
          .hasMessageContaining("Vector 0 has 2 numbers, vector 64 has 3");
    }
  }

  @Test
  void retries_areOneBudgetForAllParts() {
    List<String> texts = IntStream.range(0, 65).mapToObj(i -> "text " + i).toList();
    Script busy = Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0");
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.maxRetries(1))) {
      lmStudio.answering(busy, part(0, 64, ""), busy);
      assertThatThrownBy(
              () -> lmStudio.sdk.createEmbedding(EmbeddingRequest.of(texts).withModel("e")))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("busy");
      assertThat(lmStudio.posts()).hasSize(3);
    }
  }

  @Test
  void statedErrors_areMapped() {
    assertThat(failure(Script.respondWithJson(200, Recorded.text("unknown-route-200.json"))))
        .isInstanceOf(FeatureUnavailableException.class);
    assertThat(
            failure(
                Script.respondWithJson(
                    400, Recorded.text("err-400-model_not_found-responses.json"))))
        .isInstanceOf(ModelNotFoundException.class);
    assertThat(failure(Script.respondWithJson(400, "{\"error\":\"No models loaded.\"}")))
        .isInstanceOf(ModelNotLoadedException.class);
    assertThat(
            failure(Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json"))))
        .isInstanceOf(AuthenticationException.class);
    assertThat(failure(Script.respondWith(200, "text/html").body("<html>")))
        .isInstanceOf(ProtocolException.class);
    assertThat(failure(Script.respondWithJson(200, "[1]"))).isInstanceOf(ProtocolException.class);
  }

  @Test
  void nullError_isNone() {
    String json = body("e", ",\"error\":null", entry(0, "[1]"), entry(1, "[2]"));
    assertThat(answer(Script.respondWithJson(200, json)).dimension()).isEqualTo(1);
  }

  @Test
  void interruptedThread_isCancelled() throws Exception {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(Script.respondWithJson(200, "{\"data\":[]}").stallAt(3));
      assertThat(lmStudio.thrownWhenInterrupted(sdk -> sdk.createEmbedding(TWO)))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void callLimit_endsTheWait() {
    LmStudioSettings.Limits limits =
        new LmStudioSettings.Limits(
            Duration.ofSeconds(2),
            Duration.ofMillis(50),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.limits(limits))) {
      lmStudio.answering(Script.respondWithJson(200, "{}").stallAt(0));
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(TWO))
          .hasMessageContaining("did not answer within 50 ms");
    }
  }

  @Test
  void noModelNamed_theDefaultIsAsked() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.defaultEmbeddingModel("mine"))) {
      lmStudio.answering(vectors(entry(0, "[1]")));
      lmStudio.sdk.createEmbedding(EmbeddingRequest.of("x"));
      assertThat(lmStudio.posts()).hasSize(1);
      assertThat(lmStudio.posts().get(0).bodyText()).contains("\"mine\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loaded,not-loaded", "not-loaded"})
  void noModelNamed_theOneThatIsLoadedOrTheOnlyOneIsAsked(String states) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      listing(lmStudio, states.split(","));
      lmStudio.server.enqueue("/v1/embeddings", vectors(entry(0, "[1]")));
      lmStudio.sdk.createEmbedding(EmbeddingRequest.of("x"));
      List<SimulatorRequest> requests = lmStudio.posts();
      assertThat(requests.get(requests.size() - 1).bodyText()).contains("\"embed-0\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', lists no embedding model",
    "'loaded,loaded', 'embed-0 (loaded), embed-1 (loaded)'"
  })
  void noModelNamedAndNoneToChoose_isWrong(String states, String says) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      listing(lmStudio, states.isEmpty() ? new String[0] : states.split(","));
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(EmbeddingRequest.of("x")))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining(says);
    }
  }

  private static void listing(ScriptedLmStudio lmStudio, String... states) {
    String models =
        IntStream.range(0, states.length)
            .mapToObj(
                i ->
                    "{\"id\":\"embed-%d\",\"type\":\"embeddings\",\"state\":\"%s\"}"
                        .formatted(i, states[i]))
            .collect(Collectors.joining(","));
    String unknown = Recorded.text("unknown-route-200.json");
    lmStudio
        .server
        .enqueue("/v1/models", Script.respondWithJson(200, "{\"data\":[]}"))
        .enqueue("/api/v0/models", Script.respondWithJson(200, "{\"data\":[" + models + "]}"))
        .enqueue("/api/v1/models", Script.respondWithJson(200, unknown));
  }

  @Test
  void strictModel_refusesAnother() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.strictModel(true))) {
      lmStudio.answering(
          Script.respondWithJson(200, body("other", "", entry(0, "[1]"), entry(1, "[1]"))));
      assertThatThrownBy(() -> lmStudio.sdk.createEmbedding(TWO))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessageContaining("'other' answered");
    }
  }
}
