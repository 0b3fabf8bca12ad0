package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelListingTest {
  private static final String UNKNOWN = Recorded.text("unknown-route-200.json");
  private static final String V0 = Recorded.text("v0-models-list.json");
  private static final String NATIVE = Recorded.text("doc-v1-models-MALFORMED-as-published.txt");
  private static final String OPENAI =
      """
      {"object":"list","data":[
        {"id":"qwen2.5-7b-instruct","object":"model","owned_by":"organization_owner"},
        {"id":"google/gemma-4-26b-a4b","object":"model","owned_by":"organization_owner"},
        {"id":"old","object":"model","owned_by":"me","created":1700000000,"status":"loaded",
         "metadata":{"format":"gguf","family":"llama","parameter_size":"7B",
                     "quantization_level":"Q4_0","context_length":2048}},
        {"no":"id"}, 5]}
      """;

  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.maxRetries(0));

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private void models(String openAi, String v0, String nativeV1) {
    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(200, openAi));
    lmStudio.server.enqueue("/api/v0/models", Script.respondWithJson(200, v0));
    lmStudio.server.enqueue("/api/v1/models", Script.respondWithJson(200, nativeV1));
  }

  private ModelPage list(ModelFilter filter) {
    return lmStudio.sdk.listModels(filter);
  }

  private static ModelSummary model(ModelPage page, String id) {
    return page.models().stream().filter(m -> m.id().equals(id)).findAny().orElseThrow();
  }

  @Test
  void modelsOfAllEndpoints_areMergedById() {
    models(OPENAI, V0, NATIVE);
    ModelPage page = list(ModelFilter.ALL);
    assertThat(page.models()).extracting(ModelSummary::id).doesNotHaveDuplicates().hasSize(12);
    assertThat(page.nextCursor()).isEmpty();
    assertThat(page.lmstudioVersion()).hasValue("0.4.0+");

    ModelSummary qwen = model(page, "qwen2.5-7b-instruct");
    assertThat(qwen.ownedBy()).as("better than organization_owner").hasValue("lmstudio-community");
    assertThat(qwen.state()).hasValue("loaded");
    assertThat(qwen.metadata().contextLength()).as("as loaded").hasValue(4096);
    assertThat(qwen.metadata().family()).hasValue("qwen2");

    ModelSummary gemma = model(page, "google/gemma-4-26b-a4b");
    assertThat(gemma.ownedBy()).hasValue("google");
    assertThat(gemma.state()).hasValue("loaded");
    assertThat(gemma.type()).hasValue("llm");
    assertThat(gemma.metadata().contextLength()).as("as loaded").hasValue(4096);
    assertThat(gemma.metadata().parameterSize()).hasValue("26B-A4B");

    ModelSummary embedder = model(page, "text-embedding-nomic-embed-text-v1.5-embedding");
    assertThat(embedder.generatesText()).isFalse();
    assertThat(embedder.state()).hasValue("not-loaded");
    assertThat(embedder.metadata().contextLength()).hasValue(2048);

    ModelSummary old = model(page, "old");
    assertThat(old.created()).hasValue(Instant.ofEpochSecond(1700000000));
    assertThat(old.ownedBy()).hasValue("me");
    assertThat(old.state()).hasValue("loaded");
    assertThat(old.metadata().parameterSize()).hasValue("7B");
  }

  @Test
  void recordingOf0_4_24_isRead() {
    models("{\"data\":[]}", Recorded.text("v0-models-0.4.24.json"), UNKNOWN);
    ModelPage page = list(ModelFilter.ALL);
    assertThat(page.models())
        .extracting(ModelSummary::id)
        .containsExactly(
            "qwen/qwen3.8-27b", "google/gemma-4-e4b", "text-embedding-nomic-embed-text-v1.5");
    assertThat(page.lmstudioVersion()).hasValue("0.3.6+");
  }

  @Test
  void malformedListing_isSkipped() {
    models(OPENAI, Recorded.text("doc-v0-models.json"), NATIVE.substring(0, 500));
    assertThat(list(ModelFilter.ALL).models()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "'', loaded, 3",
    "'', not-loaded, 9",
    "lmstudio-community, '', 6",
    "lmstudio-community, loaded, 1",
    "nobody, '', 0"
  })
  void filter_isAppliedByUs(String owner, String status, int count) {
    models(OPENAI, V0, NATIVE);
    assertThat(
            list(new ModelFilter(given(owner), given(status), OptionalInt.empty(), given("")))
                .models())
        .hasSize(count);
  }

  private static Optional<String> given(String value) {
    return Optional.of(value).filter(v -> !v.isEmpty());
  }

  @Test
  void pages_followEachOther() {
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      models(OPENAI, V0, NATIVE);
      ModelPage page =
          list(new ModelFilter(Optional.empty(), Optional.empty(), OptionalInt.of(5), cursor));
      page.models().forEach(m -> seen.add(m.id()));
      cursor = page.nextCursor();
    } while (cursor.isPresent());
    assertThat(seen).hasSize(12).doesNotHaveDuplicates();
    models(OPENAI, V0, NATIVE);
    assertThat(
            list(new ModelFilter(
                    Optional.empty(), Optional.empty(), OptionalInt.empty(), given("m99")))
                .models())
        .as("beyond the end")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "5", "m-1", "m99999999999"})
  void foreignCursor_isWrongBeforeAnybodyIsAsked(String cursor) {
    assertThatThrownBy(
            () ->
                list(
                    new ModelFilter(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of(cursor))))
        .isInstanceOf(ValidationException.class);
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "200, {}, ProtocolException",
        "200, <html>, ProtocolException",
        "200, {\"lmstudio\":true}, ProtocolException",
        "200, {\"error\":\"Unexpected endpoint or method. (GET /v1/models)\"}, Feature",
        "401, {\"error\":{\"code\":\"invalid_api_key\"}}, AuthenticationException",
        "500, no, ServerException",
        "429, no, RateLimitedException",
      })
  void errorOfTheMainListing_isThrown(int status, String body, String error) {
    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(status, body));
    assertThatThrownBy(() -> list(ModelFilter.ALL))
        .isInstanceOf(LmStudioException.class)
        .extracting(e -> e.getClass().getSimpleName())
        .asString()
        .startsWith(error);
  }

  @Test
  void errorsOfOtherListings_matterOnlyIfTheySpeakOfTheKeyOrTheConnection() {
    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(200, OPENAI));
    lmStudio.server.enqueue("/api/v0/models", Script.respondWithJson(500, "{}"));
    lmStudio.server.enqueue("/api/v1/models", Script.respondWithJson(404, "{}"));
    assertThat(list(ModelFilter.ALL).lmstudioVersion()).isEmpty();

    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(200, OPENAI));
    lmStudio.server.enqueue("/api/v0/models", Script.respondWithJson(401, "{}"));
    assertThatThrownBy(() -> list(ModelFilter.ALL)).isInstanceOf(AuthenticationException.class);

    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(200, OPENAI).cutAt(10));
    assertThatThrownBy(() -> list(ModelFilter.ALL)).isInstanceOf(ConnectionException.class);
  }

  @ParameterizedTest
  @CsvSource({"header", "metadata"})
  void version_isWhatTheListingSays(String where) {
    String body =
        where.equals("metadata")
            ? "{\"data\":[],\"metadata\":{\"backend_version\":\"0.2.19\"}}"
            : "{\"data\":[]}";
    Script v1 = Script.respondWithJson(200, body);
    lmStudio.server.enqueue(
        "/v1/models", where.equals("header") ? v1.header("x-lmstudio-version", "0.2.19") : v1);
    lmStudio.answering(Script.respondWithJson(200, UNKNOWN), Script.respondWithJson(200, UNKNOWN));
    assertThat(list(ModelFilter.ALL).lmstudioVersion()).hasValue("0.2.19");
  }

  @Test
  void noModelNamed_asksTheOnlyLoadedOne() {
    models("{\"data\":[]}", V0, UNKNOWN);
    lmStudio.answering(Script.respondWithEvents(Chunks.text("a") + Chunks.end()));
    lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello"));
    assertThat(lmStudio.server.requests().getLast().bodyText())
        .contains("\"model\":\"qwen2.5-7b-instruct\"");
  }

  @Test
  void noModelNamedAndNoStatesKnown_asksTheOnlyOne() {
    models("{\"data\":[{\"id\":\"one\"},{\"id\":\"an-embed\"}]}", UNKNOWN, UNKNOWN);
    lmStudio.answering(Script.respondWithEvents(Chunks.end()));
    assertThat(lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello")).model()).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noModelNamedAndNotOneLoaded_isWrongAndListsThem(boolean none) {
    models(none ? "{\"data\":[]}" : OPENAI, none ? UNKNOWN : V0, none ? UNKNOWN : NATIVE);
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello")))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> assertThat(error.faults().get(0).field()).isEqualTo("model"))
        .hasMessageContaining(
            none
                ? "no model is loaded"
                : "3 models are loaded. Name one of qwen2.5-7b-instruct (loaded),");
    assertThat(lmStudio.server.generationsPosted()).isZero();
  }

  @Test
  void defaultModel_isAskedWithoutListing() {
    try (ScriptedLmStudio other = new ScriptedLmStudio(s -> s.defaultModel("mine"))) {
      other.current().answering(Script.respondWithEvents(Chunks.end()));
      assertThat(other.sdk.createChatCompletion(ChatRequest.of("Hello")).model()).isEqualTo("mine");
      assertThat(other.server.requests())
          .extracting(request -> request.path())
          .containsExactly("/api/v1/models", "/v1/chat/completions");
    }
  }

  @Test
  void serverErrorOnTheWay_isTold() {
    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(500, "{}"));
    RecordingObserver observer = new RecordingObserver();
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello"), observer))
        .isInstanceOf(ServerException.class);
    assertThat(observer.told).containsExactly("handle", "failed(upstream_error)");
  }

  private List<SimulatorRequest> asked() {
    return lmStudio.server.requests().stream()
        .filter(request -> request.path().startsWith("/v1/models"))
        .toList();
  }

  @Test
  void filter_isPassedOn() {
    models(OPENAI, V0, NATIVE);
    list(
        new ModelFilter(
            Optional.of("a&b c"), Optional.of("loaded"), OptionalInt.of(3), Optional.empty()));
    assertThat(asked().get(0).target())
        .isEqualTo("/v1/models?limit=3&owned_by=a%26b%20c&status=loaded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"next_cursor\":\"a/b\"", "\"metadata\":{\"next_cursor\":\"a/b\"}"})
  void pagesOfTheServer_followEachOther(String next) {
    models("{\"data\":[{\"id\":\"one\"}]," + next + "}", UNKNOWN, UNKNOWN);
    ModelPage first =
        list(
            new ModelFilter(
                Optional.empty(), Optional.empty(), OptionalInt.of(1), Optional.empty()));
    assertThat(first.models()).extracting(ModelSummary::id).containsExactly("one");

    models("{\"data\":[{\"id\":\"two\"}]}", UNKNOWN, UNKNOWN);
    ModelPage second =
        list(
            new ModelFilter(
                Optional.empty(), Optional.empty(), OptionalInt.of(1), first.nextCursor()));
    assertThat(second.models()).extracting(ModelSummary::id).containsExactly("two");
    assertThat(second.nextCursor()).isEmpty();
    assertThat(asked().get(1).target()).isEqualTo("/v1/models?cursor=a%2Fb&limit=1");
  }
}
