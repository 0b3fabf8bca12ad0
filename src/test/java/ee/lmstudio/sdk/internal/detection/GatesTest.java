package ee.lmstudio.sdk.internal.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be sent to which server, and what is learned from answers. */
@Timeout(60)
class GatesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Limits CONNECT_AT_ONCE =
      new Limits(Duration.ofMillis(500), LIMIT, LIMIT, LIMIT, LIMIT);
  private static final String UNKNOWN = Recorded.text("unknown-route-200.json");

  private final SocketSimulator lmStudio = SocketSimulator.scripted();
  private final Upstream upstream =
      new Upstream(
          LmStudioSettings.builder()
              .baseUrl(lmStudio.url())
              .maxRetries(0)
              .limits(CONNECT_AT_ONCE)
              .audioEnabled(true)
              .build(),
          Optional.empty());
  private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.EPOCH);
  private final KnownServer server = new KnownServer(clock::get);

  GatesTest() {
    upstream.guardBy(new Gates(upstream, server));
  }

  @AfterEach
  void close() {
    upstream.close();
    lmStudio.close();
  }

  private void oldServer() {
    lmStudio.enqueue("/api/v1/models", Script.respondWithJson(200, UNKNOWN));
    version("0.2.17");
  }

  private void version(String version) {
    lmStudio.enqueue(
        "/health", Script.respondWithJson(200, "{\"lmstudio_version\":\"%s\"}".formatted(version)));
  }

  /** Uses a capability, whatever it is, by a GET. */
  private void use(Capability capability) {
    try (UpstreamCall call = upstream.work(CallMethod.CREATE_SPEECH)) {
      call.send(
          capability,
          () -> {
            String text = upstream.get("use", call).text();
            if (text.contains("error")) {
              throw upstream.errors().of(upstream.get("use", call));
            }
            return text;
          });
    }
  }

  private void answering(String json) {
    lmStudio.enqueue("/use", Script.respondWithJson(200, json));
  }

  private List<String> paths() {
    return lmStudio.requests().stream().map(request -> request.path()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.19, TRANSCRIPTION, 0.2.20",
    "0.2.19, TRANSLATION, 0.2.20",
    "0.2.19, SPEECH, 0.2.20",
    "0.2.21, MODEL_LOAD, 0.4.0",
    "0.3.30, MODEL_LOAD, 0.4.0",
    "0.3.30, MODEL_UNLOAD, 0.4.0"
  })
  void versionThatHasItNot_isNotAsked(String version, Capability capability, String needed) {
    version(version);
    assertThatThrownBy(() -> use(capability))
        .isInstanceOfSatisfying(
            FeatureUnavailableException.class,
            e -> {
              assertThat(e.code()).isEqualTo("feature_unavailable");
              assertThat(e.hint()).startsWith("Use a version that supports it: ").contains(needed);
            })
        .hasMessage(
            "LM Studio %s does not support %s (%s)"
                .formatted(version, capability.title(), capability.onTheWire()));
    assertThat(paths()).containsExactly("/health");
  }

  @ParameterizedTest
  @CsvSource({"0.2.20, SPEECH", "0.2.21, TRANSCRIPTION", "0.4.24, MODEL_LOAD", "0.4.24, SPEECH"})
  void versionThatHasItOrMay_isAsked(String version, Capability capability) {
    version(version);
    answering("{}");
    use(capability);
    assertThat(paths()).containsExactly("/health", "/use");
    assertThat(server.current().orElseThrow().has(capability)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "COMPLETIONS", "EMBEDDINGS", "STREAMING"})
  void currentServer_isAskedOneQuestionBeforeTheFirstGeneration(Capability capability) {
    assertThat(CompatibilityMatrix.ALWAYS).contains(capability);
    currentServer();
    answering("{}");
    answering("{}");
    use(capability);
    use(capability);
    assertThat(paths()).containsExactly("/api/v1/models", "/use", "/use");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "COMPLETIONS", "EMBEDDINGS", "STREAMING"})
  void serverBelowTheFloor_isSentNoGeneration(Capability capability) {
    oldServer();
    assertThatThrownBy(() -> use(capability)).isInstanceOf(UnsupportedVersionException.class);
    assertThatThrownBy(() -> use(capability)).isInstanceOf(UnsupportedVersionException.class);
    assertThat(paths()).containsExactly("/api/v1/models", "/health");
  }

  @Test
  void serverOfUnknownVersion_isSentTheGeneration() {
    answering("{}");
    use(Capability.CHAT);
    assertThat(paths())
        .containsExactly("/api/v1/models", "/health", "/v1/models", "/api/v0/models", "/use");
  }

  @Test
  void serverThatReplacedALostOne_isAskedAnew() {
    currentServer();
    answering("{}");
    use(Capability.CHAT);
    server.lost();
    oldServer();
    assertThatThrownBy(() -> use(Capability.CHAT)).isInstanceOf(UnsupportedVersionException.class);
    assertThat(paths()).containsExactly("/api/v1/models", "/use", "/api/v1/models", "/health");
  }

  /** A busy server must not keep a generation waiting for the whole call limit. */
  @Test
  void serverThatDoesNotTellItsVersion_isSentTheGenerationAfterTheConnectLimit() {
    lmStudio.enqueue("/api/v1/models", Script.respondWith(200, "text/event-stream").thenStayOpen());
    answering("{}");
    use(Capability.CHAT);
    assertThat(paths()).containsExactly("/api/v1/models", "/use");
  }

  @Test
  void checkThatRanOutOfTime_isMadeAgainByTheNextCall() {
    lmStudio.enqueue("/api/v1/models", Script.respondWith(200, "text/event-stream").thenStayOpen());
    answering("{}");
    use(Capability.CHAT);
    oldServer();
    assertThatThrownBy(() -> use(Capability.CHAT)).isInstanceOf(UnsupportedVersionException.class);
    assertThat(paths()).containsExactly("/api/v1/models", "/use", "/api/v1/models", "/health");
  }

  @Test
  void serverThatNeverAnswersTheCheck_delaysOneCallAMinute() {
    for (int i = 0; i < 3; i++) {
      lmStudio.enqueue(
          "/api/v1/models", Script.respondWith(200, "text/event-stream").thenStayOpen());
    }
    for (int i = 0; i < 5; i++) {
      answering("{}");
    }
    use(Capability.CHAT);
    use(Capability.CHAT);
    use(Capability.CHAT);
    clock.set(Instant.EPOCH.plus(FloorChecks.PAUSE));
    use(Capability.CHAT);
    use(Capability.CHAT);
    assertThat(paths())
        .containsExactly(
            "/api/v1/models",
            "/use",
            "/api/v1/models",
            "/use",
            "/use",
            "/api/v1/models",
            "/use",
            "/use");
  }

  @Test
  void serverThatIsTooBusyForTheCheck_isCheckedByTheNextCall() {
    for (String path : List.of("/api/v1/models", "/health", "/v1/models", "/api/v0/models")) {
      lmStudio.enqueue(path, Script.respondWithJson(503, "{}"));
    }
    answering("{}");
    use(Capability.CHAT);
    oldServer();
    assertThatThrownBy(() -> use(Capability.CHAT)).isInstanceOf(UnsupportedVersionException.class);
  }

  private void currentServer() {
    lmStudio.enqueue("/api/v1/models", Script.respondWithJson(200, "{\"models\":[]}"));
  }

  @Test
  void tooOldServer_isRefusedBeforeItIsAsked() {
    version("0.2.17");
    assertThatThrownBy(() -> use(Capability.SPEECH))
        .isInstanceOf(UnsupportedVersionException.class);
    assertThat(paths()).containsExactly("/health");
  }

  /** Nobody should have to wait a minute after an update. */
  @Test
  void tooOldServerThatWasUpdated_isUsedAfterFiveSeconds() {
    server.found(new VersionEvidence(ServerVersion.parse("0.2.17"), DetectedBy.HEALTH));
    clock.set(Instant.EPOCH.plusSeconds(5));
    assertThatThrownBy(() -> use(Capability.CHAT)).isInstanceOf(UnsupportedVersionException.class);
    assertThat(paths()).isEmpty();
    clock.set(Instant.EPOCH.plusSeconds(6));
    version("0.4.1");
    answering("{}");
    use(Capability.CHAT);
    assertThat(paths()).containsExactly("/health", "/use");
  }

  /** It may have been updated while nobody called. */
  @ParameterizedTest
  @CsvSource({"0.2.17, SPEECH", "0.2.17, CHAT", "0.3.30, MODEL_LOAD"})
  void refusalOfAnHour_isLookedAtAnew(String old, Capability capability) {
    server.found(new VersionEvidence(ServerVersion.parse(old), DetectedBy.HEALTH));
    assertThatThrownBy(() -> use(capability)).isInstanceOf(LmStudioException.class);
    assertThat(paths()).isEmpty();

    clock.set(Instant.EPOCH.plusSeconds(3600));
    version(old);
    assertThatThrownBy(() -> use(capability)).isInstanceOf(LmStudioException.class);
    assertThat(paths()).containsExactly("/health");

    clock.set(Instant.EPOCH.plusSeconds(7200));
    version("0.4.1");
    answering("{}");
    use(capability);
    assertThat(paths()).containsExactly("/health", "/health", "/use");
  }

  @Test
  void whatTheSettingsDoNotAllow_asksNobody() {
    assertThatThrownBy(() -> use(Capability.IMAGES))
        .isInstanceOfSatisfying(
            FeatureUnavailableException.class,
            e -> assertThat(e.hint()).isEqualTo("Set `imagesEnabled(true)` to use it."))
        .hasMessage("The settings do not allow images");
    assertThat(paths()).isEmpty();
  }

  @Test
  void unknownEndpoint_isRememberedUntilTheServerIsLookedAtAnew() {
    server.found(VersionEvidence.NONE);
    answering(UNKNOWN);
    answering(UNKNOWN);
    assertThatThrownBy(() -> use(Capability.SPEECH))
        .isInstanceOf(FeatureUnavailableException.class)
        .hasMessageContaining("Unexpected endpoint");
    long asked = lmStudio.requests().size();
    assertThatThrownBy(() -> use(Capability.SPEECH))
        .isInstanceOfSatisfying(
            FeatureUnavailableException.class,
            e -> assertThat(e.hint()).startsWith("It has answered that it does not have"))
        .hasMessageStartingWith(
            "This LM Studio, whose version is unknown, does not support speech");
    assertThat(lmStudio.requests()).hasSize((int) asked);

    server.found(VersionEvidence.NONE);
    answering("{}");
    use(Capability.SPEECH);
    assertThat(server.current().orElseThrow().support(Capability.SPEECH)).isEqualTo(Support.YES);
  }

  @Test
  void unknownEndpointOfWhatEveryVersionHas_isAskedAgain() {
    answering(UNKNOWN);
    answering(UNKNOWN);
    assertThatThrownBy(() -> use(Capability.CHAT)).isInstanceOf(FeatureUnavailableException.class);
    server.found(VersionEvidence.NONE);
    answering("{}");
    use(Capability.CHAT);
    assertThat(server.current().orElseThrow().support(Capability.CHAT)).isEqualTo(Support.YES);
  }

  @Test
  void callThatIsCancelledWhileTheVersionIsAskedFor_endsAtOnce() throws Exception {
    lmStudio.enqueue("/health", Script.respondWith(200, "text/event-stream").thenStayOpen());
    try (UpstreamCall call = upstream.work(CallMethod.CREATE_SPEECH)) {
      FutureTask<String> using =
          new FutureTask<>(
              () -> call.send(Capability.SPEECH, () -> upstream.get("use", call).text()));
      Thread.ofVirtual().start(using);
      assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
      assertThat(call.cancel()).isTrue();
      assertThatThrownBy(using::get).hasCauseInstanceOf(CancelledException.class);
    }
    assertThat(paths()).containsExactly("/health");
  }

  @Test
  void threadThatIsInterruptedWhileTheVersionIsAskedFor_endsAtOnce() throws Exception {
    lmStudio.enqueue("/health", Script.respondWith(200, "text/event-stream").thenStayOpen());
    FutureTask<String> using =
        new FutureTask<>(
            () -> {
              use(Capability.SPEECH);
              return "";
            });
    Thread caller = Thread.ofVirtual().start(using);
    assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
    caller.interrupt();
    assertThatThrownBy(using::get).hasCauseInstanceOf(CancelledException.class);
  }

  @Test
  void lowerRank_doesNotOverruleWhatIsKnown() {
    server.found(new VersionEvidence(ServerVersion.parse("0.2.21"), DetectedBy.HEALTH));
    server.saw(VersionEvidence.ofEndpoints(true, true));
    server.saw(VersionEvidence.NONE);
    assertThat(server.current().orElseThrow().version()).hasValue(ServerVersion.of(0, 2, 21));
    server.saw(new VersionEvidence(ServerVersion.parse("0.2.22"), DetectedBy.HEALTH));
    assertThat(server.current().orElseThrow().version()).hasValue(ServerVersion.of(0, 2, 22));
  }

  @Test
  void connectionFaultWhileTheVersionIsAskedFor_isTheCallsFault() {
    lmStudio.enqueue("/health", Script.respondWithJson(200, "{}").cutAt(1));
    assertThatThrownBy(() -> use(Capability.SPEECH))
        .isInstanceOf(LmStudioException.class)
        .extracting(e -> ((LmStudioException) e).code())
        .isEqualTo("upstream_unreachable");
  }
}
