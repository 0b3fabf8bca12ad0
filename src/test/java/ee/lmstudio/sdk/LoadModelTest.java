package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedModel;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.SimulatedModel;
import ee.lmstudio.simulator.SimulatedModel.Kind;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is loaded once, whoever asks for it at the same time, and only where LM Studio can. */
@Timeout(60)
class LoadModelTest {
  private static final String MODEL = "google/gemma-3-1b";
  private static final LoadRequest REQUEST = LoadRequest.of(MODEL);
  private static final String LOADED = Recorded.text("v1-native-load.json");
  private static final String NOT_LOADED =
      "{\"models\":[{\"key\":\"%s\",\"loaded_instances\":[]}]}".formatted(MODEL);

  private final ScriptedLmStudio lmStudio =
      new ScriptedLmStudio(
          s ->
              s.limits(
                  new LmStudioSettings.Limits(
                      Duration.ofSeconds(2),
                      Duration.ofSeconds(30),
                      Duration.ofSeconds(30),
                      Duration.ofMillis(1),
                      Duration.ofMillis(1))));

  @BeforeEach
  void is0_4() {
    lmStudio.server.enqueue(
        "/health", Script.respondWithJson(200, "{\"lmstudio_version\":\"0.4.24\"}"));
  }

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private void listing(String json) {
    lmStudio.server.enqueue("/api/v1/models", Script.respondWithJson(200, json));
  }

  private void loading(Script script) {
    lmStudio.server.enqueue("/api/v1/models/load", script);
  }

  private static Script stallingLoad() {
    return Script.respondWith(200, "application/json").thenStall().body(LOADED);
  }

  private List<SimulatorRequest> loads() {
    return lmStudio.server.requests().stream()
        .filter(request -> request.path().equals("/api/v1/models/load"))
        .toList();
  }

  private FutureTask<LoadedModel> start(LoadRequest request, List<Thread> threads) {
    FutureTask<LoadedModel> task = new FutureTask<>(() -> lmStudio.sdk.loadModel(request));
    threads.add(Thread.ofVirtual().start(task));
    return task;
  }

  /** A caller that waits for others' work is parked; before that it has nothing to wait for. */
  private static void awaitParked(List<Thread> threads) {
    while (!threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void modelThatIsNotLoaded_isLoadedUnderTheGenerationLimitOnly() throws Exception {
    listing(NOT_LOADED);
    loading(stallingLoad());
    FutureTask<LoadedModel> load =
        start(REQUEST.withContextLength(8192).withFlashAttention(true), new ArrayList<>());
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    lmStudio.server.release();
    LoadedModel model = load.get();
    assertThat(model.instanceId()).isEqualTo(MODEL);
    assertThat(model.type()).hasValue("llm");
    assertThat(model.loadTime()).hasValue(Duration.ofMillis(7916));
    assertThat(model.wasLoaded()).isFalse();
    assertThat(loads().get(0).bodyText())
        .contains(
            "\"model\":\"" + MODEL + "\"",
            "\"context_length\":8192",
            "\"flash_attention\":true",
            "\"echo_load_config\":true");
  }

  @Test
  void tenCallers_loadOneInstance() throws Exception {
    listing(NOT_LOADED);
    loading(stallingLoad());
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<LoadedModel>> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tasks.add(start(REQUEST, threads));
    }
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    awaitParked(threads);
    lmStudio.server.release();
    for (FutureTask<LoadedModel> task : tasks) {
      assertThat(task.get().instanceId()).isEqualTo(MODEL);
    }
    assertThat(loads()).hasSize(1);
  }

  @Test
  void recordOfALoad_hasTheStatusOfTheRequestThatDidIt() {
    listing(NOT_LOADED);
    loading(Script.respondWithJson(200, LOADED));
    lmStudio.sdk.loadModel(REQUEST);
    assertThat(lmStudio.records)
        .last()
        .extracting(CallRecord::status)
        .isEqualTo(OptionalInt.of(200));
  }

  @Test
  void callerWhoIsCancelled_leavesTheOthersTheirLoad() throws Exception {
    listing(NOT_LOADED);
    loading(stallingLoad());
    List<Thread> threads = new ArrayList<>();
    FutureTask<LoadedModel> first = start(REQUEST, threads);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    FutureTask<LoadedModel> second = start(REQUEST, threads);
    awaitParked(threads);
    threads.get(0).interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(CancelledException.class);
    lmStudio.server.release();
    assertThat(second.get().instanceId()).isEqualTo(MODEL);
    assertThat(loads()).hasSize(1);
  }

  @Test
  void lastCallerWhoLeaves_endsTheLoad() throws Exception {
    listing(NOT_LOADED);
    loading(Script.respondWith(200, "text/event-stream").thenStayOpen());
    List<Thread> threads = new ArrayList<>();
    FutureTask<LoadedModel> only = start(REQUEST, threads);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    awaitParked(threads);
    threads.get(0).interrupt();
    assertThatThrownBy(only::get).hasCauseInstanceOf(CancelledException.class);
    assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();

    listing(NOT_LOADED);
    loading(Script.respondWithJson(200, LOADED));
    assertThat(lmStudio.sdk.loadModel(REQUEST).instanceId()).isEqualTo(MODEL);
  }

  @Test
  void otherWayToLoadTheSameModel_waitsAndThenLooksAnew() throws Exception {
    listing(NOT_LOADED);
    loading(stallingLoad());
    List<Thread> threads = new ArrayList<>();
    FutureTask<LoadedModel> first = start(REQUEST, threads);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    FutureTask<LoadedModel> other = start(REQUEST.withContextLength(99), threads);
    awaitParked(threads);
    listing(
        """
        {"models":[{"key":"%s","loaded_instances":[{"id":"i","config":{"context_length":99}}]}]}
        """
            .formatted(MODEL));
    lmStudio.server.release();
    assertThat(first.get().wasLoaded()).isFalse();
    assertThat(other.get().instanceId()).isEqualTo("i");
    assertThat(loads()).hasSize(1);
  }

  @Test
  void modelThatIsLoadedAsAsked_isNotLoadedAgain() {
    String loaded = Recorded.text("doc-v1-models-MALFORMED-as-published.txt");
    for (String name : List.of("google/gemma-4-26b-a4b", "google/gemma-4-26b-a4b@q4_k_m")) {
      listing(loaded);
      LoadedModel there = lmStudio.sdk.loadModel(LoadRequest.of(name).withContextLength(4096));
      assertThat(there.wasLoaded()).isTrue();
      assertThat(there.instanceId()).isEqualTo("google/gemma-4-26b-a4b");
      assertThat(there.config().getInt("parallel")).isEqualTo(4);
      assertThat(there.toJson().getString("status")).isEqualTo("loaded");
    }
    assertThat(loads()).isEmpty();

    listing(loaded);
    loading(Script.respondWithJson(200, LOADED));
    LoadedModel another =
        lmStudio.sdk.loadModel(LoadRequest.of("google/gemma-4-26b-a4b").withContextLength(8192));
    assertThat(another.wasLoaded()).as("asked for with more context").isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429})
  void failedLoad_isNeverSentTwice(int status) {
    listing(NOT_LOADED);
    loading(Script.respondWithJson(status, "{\"error\":\"no\"}"));
    assertThatThrownBy(() -> lmStudio.sdk.loadModel(REQUEST))
        .isInstanceOfAny(ServerException.class, RateLimitedException.class);
    assertThat(loads()).hasSize(1);
    assertThat(lmStudio.records)
        .last()
        .extracting(CallRecord::status)
        .isEqualTo(OptionalInt.of(status));
  }

  /** LM Studio repeats a part of the key that it refuses. */
  @Test
  void keyOfAView_isNotRepeatedByTheLoadThatUsesIt() {
    listing("{\"models\":[]}");
    loading(Script.respondWithJson(401, "{\"error\":\"Malformed token: canary-012...\"}"));
    LmStudio view = (LmStudio) lmStudio.sdk.with(withKey("canary-0123456789"));
    assertThatThrownBy(() -> view.loadModel(LoadRequest.of("m")))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("***")
        .hasMessageNotContaining("canary");
  }

  private static CallOptions withKey(String key) {
    return CallOptions.builder().apiKey(Secret.of(key)).build();
  }

  @Test
  void unknownModel_isToldAsThat() {
    listing(NOT_LOADED);
    loading(Script.respondWithJson(400, Recorded.body("err-400-model_not_found-responses.json")));
    assertThatThrownBy(() -> lmStudio.sdk.loadModel(REQUEST))
        .isInstanceOf(ModelNotFoundException.class);
  }

  @Test
  void answerWithoutAnInstance_isNoSuccess() {
    listing(NOT_LOADED);
    loading(Script.respondWithJson(200, "{\"status\":\"loaded\"}"));
    assertThatThrownBy(() -> lmStudio.sdk.loadModel(REQUEST)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void brokenConnection_isToldToAll() {
    listing(NOT_LOADED);
    loading(Script.respondWithJson(200, LOADED).cutAt(3));
    assertThatThrownBy(() -> lmStudio.sdk.loadModel(REQUEST))
        .isInstanceOf(ConnectionException.class);
  }

  @Test
  void generationLimit_endsTheLoad() {
    try (ScriptedLmStudio hasty =
        new ScriptedLmStudio(
            s ->
                s.limits(
                    new LmStudioSettings.Limits(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(300),
                        Duration.ZERO,
                        Duration.ZERO)))) {
      hasty.server.enqueue(
          "/health", Script.respondWithJson(200, "{\"lmstudio_version\":\"0.4.24\"}"));
      hasty.server.enqueue("/api/v1/models", Script.respondWithJson(200, NOT_LOADED));
      hasty.server.enqueue(
          "/api/v1/models/load", Script.respondWith(200, "text/event-stream").thenStayOpen());
      assertThatThrownBy(() -> hasty.sdk.loadModel(REQUEST))
          .isInstanceOfSatisfying(
              TimeoutException.class,
              e -> assertThat(e.limit()).isEqualTo(TimeoutException.Limit.GENERATION));
    }
  }

  @Test
  void blankInstance_isWrongBeforeAnybodyIsAsked() {
    assertThatThrownBy(() -> lmStudio.sdk.unloadModel(" ")).isInstanceOf(ValidationException.class);
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  @Test
  void unload_namesTheInstance() {
    lmStudio.server.enqueue(
        "/api/v1/models/unload", Script.respondWithJson(200, Recorded.text("doc-v1-unload.json")));
    lmStudio.sdk.unloadModel("openai/gpt-oss-20b");
    assertThat(lmStudio.server.requests().getLast().bodyText())
        .isEqualTo("{\"instance_id\":\"openai/gpt-oss-20b\"}");
  }

  private static SocketSimulator simulated(String version) {
    return SocketSimulator.start(
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse(version))
            .withModels(
                List.of(
                    new SimulatedModel("one", Kind.CHAT, Duration.ofMillis(1), 4096),
                    new SimulatedModel("two", Kind.EMBEDDING, Duration.ZERO, 512)))
            .withSpeed(Speed.UNLIMITED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.2.18", "0.2.21", "0.3.5", "0.3.30"})
  void olderServer_hasNoLoading(String version) {
    try (SocketSimulator server = simulated(version);
        LmStudio sdk = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      assertThatThrownBy(() -> sdk.loadModel(LoadRequest.of("one")))
          .isInstanceOf(FeatureUnavailableException.class);
      assertThatThrownBy(() -> sdk.unloadModel("one"))
          .isInstanceOf(FeatureUnavailableException.class);
      assertThat(server.requests())
          .extracting(SimulatorRequest::path)
          .doesNotContain("/api/v1/models/load");
    }
  }

  @Test
  void currentServer_loadsAndUnloads() {
    try (SocketSimulator server = simulated("0.4.24");
        LmStudio sdk = LmStudio.connect(LmStudioSettings.at(server.url().toString()))) {
      assertThat(states(sdk)).containsExactly("not-loaded", "loaded");
      LoadedModel one = sdk.loadModel(LoadRequest.of("one"));
      assertThat(one.config().getInt("context_length")).isEqualTo(4096);
      assertThat(states(sdk)).containsExactly("loaded", "loaded");
      assertThat(sdk.loadModel(LoadRequest.of("one")).wasLoaded()).isTrue();
      sdk.unloadModel(one.instanceId());
      sdk.unloadModel("two");
      assertThat(states(sdk)).containsExactly("not-loaded", "not-loaded");
      assertThatThrownBy(() -> sdk.unloadModel("two")).isInstanceOf(ModelNotFoundException.class);
      assertThatThrownBy(() -> sdk.loadModel(LoadRequest.of("no such")))
          .isInstanceOf(ModelNotFoundException.class);
      assertThat(sdk.loadModel(LoadRequest.of("two")).type()).hasValue("embedding");
    }
  }

  private static List<String> states(LmStudio sdk) {
    return sdk.listModels(ModelFilter.ALL).models().stream()
        .map(model -> model.state().orElse("?"))
        .toList();
  }
}
