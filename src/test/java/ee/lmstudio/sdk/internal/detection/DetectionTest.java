package ee.lmstudio.sdk.internal.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is there is found out once, in the order of product.md, section 4, and kept. */
@Timeout(60)
class DetectionTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String UNKNOWN = Recorded.text("unknown-route-200.json");

  private final SocketSimulator server = SocketSimulator.scripted();
  private final LmStudio sdk = connect(server);

  private static LmStudio connect(SocketSimulator server) {
    return LmStudio.connect(LmStudioSettings.builder().baseUrl(server.url()).maxRetries(0).build());
  }

  @AfterEach
  void close() {
    sdk.close();
    server.close();
  }

  private void answering(String path, String json) {
    server.enqueue(path, Script.respondWithJson(200, json));
  }

  private static List<String> paths(SocketSimulator server) {
    return server.requests().stream().map(SimulatorRequest::path).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.17, 0.2.17, HEALTH, /health",
    "0.2.18, 0.2.18, HEALTH, /health",
    "0.2.20, 0.2.20, HEALTH, /health",
    "0.2.21, 0.2.21, HEALTH, /health",
    "0.3.5, , UNKNOWN, /health /v1/models /api/v1/models /api/v0/models",
    "0.3.30, 0.3.6+, ENDPOINTS, /health /v1/models /api/v1/models /api/v0/models",
    "0.4.24, 0.4.0+, ENDPOINTS, /health /v1/models /api/v1/models",
  })
  void simulatedVersion_isFoundWithAsFewQuestionsAsItTakes(
      String version, String seen, DetectedBy by, String asked) {
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse(version))
            .withSpeed(Speed.UNLIMITED);
    try (SocketSimulator simulated = SocketSimulator.start(settings);
        LmStudio lmStudio = connect(simulated)) {
      assertThat(simulated.requests()).as("lazy").isEmpty();
      ServerCapabilities found = lmStudio.capabilities();
      assertThat(found.version().map(ServerVersion::toString).orElse(null)).isEqualTo(seen);
      assertThat(found.detectedBy()).isEqualTo(by);
      assertThat(lmStudio.capabilities()).as("kept").isSameAs(found);
      assertThat(paths(simulated)).containsExactly(asked.split(" "));
    }
  }

  static Stream<String> bodiesThatAreNoHealth() {
    return Stream.of(
        UNKNOWN,
        Recorded.text("greeting.json"),
        "{\"error\":{\"message\":\"no\"},\"lmstudio_version\":\"0.2.21\"}",
        "{\"lmstudio_version\":\"a new one\"}",
        "{\"status\":\"ok\"}",
        "<html>It works!</html>");
  }

  @ParameterizedTest
  @MethodSource("bodiesThatAreNoHealth")
  void answerOf200ThatIsNoHealth_isPassedBy(String body) {
    answering("/health", body);
    answering("/v1/models", "{\"data\":[]}");
    answering("/api/v1/models", UNKNOWN);
    answering("/api/v0/models", Recorded.text("v0-models-0.4.24.json"));
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.atLeast(0, 3, 6));
  }

  @Test
  void documentedNativeListing_is0_4_0OrLater() {
    answering("/health", UNKNOWN);
    answering("/v1/models", "{\"data\":[]}");
    answering("/api/v1/models", Recorded.text("doc-v1-models-MALFORMED-as-published.txt"));
    ServerCapabilities found = sdk.capabilities();
    assertThat(found.version()).hasValue(ServerVersion.atLeast(0, 4, 0));
    assertThat(found.has(Capability.MODEL_LOAD)).isTrue();
  }

  @Test
  void header_isTakenBeforeMetadata() {
    answering("/health", UNKNOWN);
    server.enqueue(
        "/v1/models",
        Script.respondWithJson(200, "{\"data\":[],\"metadata\":{\"backend_version\":\"0.2.18\"}}")
            .header("X-LMStudio-Version", "0.2.20"));
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.of(0, 2, 20));
    assertThat(sdk.capabilities().detectedBy()).isEqualTo(DetectedBy.HEADER);
  }

  @Test
  void metadata_isPreferredToTheEndpoints() {
    answering("/health", UNKNOWN);
    answering("/v1/models", "{\"data\":[],\"metadata\":{\"backend_version\":\"0.2.21\"}}");
    assertThat(sdk.capabilities().detectedBy()).isEqualTo(DetectedBy.METADATA);
    assertThat(sdk.capabilities().has(Capability.IMAGES)).isTrue();
  }

  @Test
  void headerOfAnyAnswer_needsNoQuestion() {
    server.enqueue("/api/v1/models", Script.respondWithJson(200, "{\"models\":[]}"));
    server.enqueue(Script.respondWithEvents(Chunks.end()).header("x-lmstudio-version", "0.2.19"));
    sdk.createChatCompletion(ChatRequest.of("m", "Hello"));
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.of(0, 2, 19));
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void nothingThatTells_isUnknownAndKept() {
    for (String path : List.of("/health", "/v1/models", "/api/v1/models", "/api/v0/models")) {
      server.enqueue(path, Script.respondWithJson(404, "{}"));
    }
    ServerCapabilities found = sdk.capabilities();
    assertThat(found.detectedBy()).isEqualTo(DetectedBy.UNKNOWN);
    assertThat(found.support(Capability.SPEECH)).isEqualTo(Support.UNKNOWN);
    assertThat(sdk.capabilities()).isSameAs(found);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void busyServer_isAskedAgain() {
    for (String path : List.of("/health", "/v1/models", "/api/v1/models", "/api/v0/models")) {
      server.enqueue(path, Script.respondWithJson(path.equals("/health") ? 503 : 429, "{}"));
    }
    assertThat(sdk.capabilities().detectedBy()).isEqualTo(DetectedBy.UNKNOWN);
    answering("/health", "{\"lmstudio_version\":\"0.2.21\"}");
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.of(0, 2, 21));
  }

  @Test
  void refusedKey_isTold() {
    server.enqueue(
        "/health", Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json")));
    assertThatThrownBy(sdk::capabilities).isInstanceOf(AuthenticationException.class);
  }

  @Test
  void keyThatIsRefused_countsForThatKeyOnly() {
    SdkContract refused = sdk.with(CallOptions.builder().apiKey(Secret.of("a-wrong-key")).build());
    for (String path : List.of("/api/v1/models", "/v1/chat/completions", "/v1/chat/completions")) {
      server.enqueue(
          path, Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json")));
    }
    ChatRequest hello = ChatRequest.of("m", "Hello");
    assertThatThrownBy(() -> refused.createChatCompletion(hello))
        .isInstanceOf(AuthenticationException.class);
    assertThatThrownBy(() -> refused.createChatCompletion(hello))
        .isInstanceOf(AuthenticationException.class);
    assertThat(paths(server)).as("asks once with this key").hasSize(3);

    answering("/api/v1/models", UNKNOWN);
    answering("/health", "{\"lmstudio_version\":\"0.2.17\"}");
    assertThatThrownBy(() -> sdk.createChatCompletion(hello))
        .isInstanceOf(UnsupportedVersionException.class);
  }

  @Test
  void manyWhoAsk_areAnsweredByOneQuestion() throws Exception {
    server.enqueue(
        "/health",
        Script.respondWith(200, "application/json")
            .body("{\"lmstudio_version\"")
            .thenStall()
            .body(":\"0.2.21\"}"));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<ServerCapabilities> ask = sdk::capabilities;
      var answers = Stream.generate(() -> callers.submit(ask)).limit(10).toList();
      assertThat(server.awaitStall(LIMIT)).isTrue();
      server.release();
      for (var answer : answers) {
        assertThat(answer.get().version()).hasValue(ServerVersion.of(0, 2, 21));
      }
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void lostConnectionAndALaterAnswer_forgetTheVersion() {
    answering("/health", "{\"lmstudio_version\":\"0.2.20\"}");
    assertThat(sdk.capabilities().has(Capability.IMAGES)).isFalse();
    server.enqueue("/v1/models", Script.respondWithJson(200, "{\"data\":[]}").cutAt(3));
    assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL))
        .isInstanceOf(ConnectionException.class);
    assertThat(sdk.capabilities().version())
        .as("nobody answered since")
        .hasValue(ServerVersion.of(0, 2, 20));

    server.enqueue(Script.respondWithEvents(Chunks.end()));
    sdk.createChatCompletion(ChatRequest.of("m", "Hello"));
    answering("/health", "{\"lmstudio_version\":\"0.2.21\"}");
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.of(0, 2, 21));
  }

  @Test
  void brokenStream_forgetsTheVersionWhenTheNextOneAnswers() {
    answering("/health", "{\"lmstudio_version\":\"0.2.20\"}");
    sdk.capabilities();
    server.enqueue(Script.respondWithEvents(Chunks.text("a")).thenReset());
    server.enqueue(Script.respondWithEvents(Chunks.end()));
    sdk.createChatCompletion(ChatRequest.of("m", "Hello"));
    answering("/health", "{\"lmstudio_version\":\"0.2.21\"}");
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.of(0, 2, 21));
  }

  @Test
  void healthCheck_findsOutAnew() {
    answering("/health", "{\"lmstudio_version\":\"0.2.20\"}");
    sdk.capabilities();
    answering("/health", UNKNOWN);
    answering("/v1/models", "{\"data\":[]}");
    answering("/api/v0/models", UNKNOWN);
    answering("/api/v1/models", "{\"models\":[]}");
    assertThat(sdk.healthCheck().versionDetectedBy()).isEqualTo(DetectedBy.ENDPOINTS);
    assertThat(sdk.capabilities().version()).hasValue(ServerVersion.atLeast(0, 4, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "list", "health"})
  void tooOldServer_isRefusedAsSoonAsItIsKnown(String what) {
    answering("/health", "{\"lmstudio_version\":\"0.2.17\"}");
    assertThat(sdk.capabilities().row().versions()).isEqualTo("older");
    if (what.equals("health")) {
      answering("/health", "{\"lmstudio_version\":\"0.2.17\"}");
    }
    assertThatThrownBy(() -> use(what))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("0.2.17")
        .hasMessageContaining("0.2.18")
        .satisfies(e -> assertThat(((LmStudioException) e).hint()).contains("Update"));
    assertThat(server.requests()).hasSize(what.equals("health") ? 2 : 1);
  }

  private Object use(String what) {
    return switch (what) {
      case "chat" -> sdk.createChatCompletion(ChatRequest.of("m", "Hello"));
      case "list" -> sdk.listModels(ModelFilter.ALL);
      default -> sdk.healthCheck();
    };
  }

  @Test
  void tooOldServer_isHungUpOnWhenItsHeadersSaySo() throws Exception {
    server.enqueue(
        Script.respondWithEvents(Chunks.text("a"))
            .thenStayOpen()
            .header("x-lmstudio-version", "0.2.17"));
    assertThatThrownBy(() -> use("chat")).isInstanceOf(UnsupportedVersionException.class);
    assertThat(server.awaitStreamClosedByClient(LIMIT)).isTrue();
    assertThat(server.generationsPosted()).isEqualTo(1);

    server.enqueue(
        "/v1/models",
        Script.respondWithJson(200, "{\"data\":[]}").header("x-lmstudio-version", "0.2.17"));
    assertThatThrownBy(() -> use("list")).isInstanceOf(UnsupportedVersionException.class);
  }

  @Test
  void updatedServer_isFoundByTheHealthCheck() {
    answering("/health", "{\"lmstudio_version\":\"0.2.17\"}");
    sdk.capabilities();
    answering("/health", "{\"lmstudio_version\":\"0.2.21\"}");
    sdk.healthCheck();
    server.enqueue(Script.respondWithEvents(Chunks.end()));
    assertThat(sdk.createChatCompletion(ChatRequest.of("m", "Hello")).model()).isEqualTo("m");
  }
}
