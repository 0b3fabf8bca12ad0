package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallOptions.Builder;
import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.TimeoutException.Limit;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.SimulatorRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls with another key, more headers and other limits than the settings say. */
@Timeout(60)
class CallOptionsTest {
  private static final Map<String, String> HEADERS = Map.of("Authorization", "Basic x", "X-A", "a");
  private static final String CHAT = "/v1/chat/completions";
  private static final int VIEWS = 8;
  private static final String MODELS = "{\"data\":[{\"id\":\"m\"}]}";

  private static void answersModels(ScriptedLmStudio lmStudio) {
    lmStudio.server.enqueue("/v1/models", respondWithJson(200, MODELS));
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("apiKey has a char", o -> o.apiKey(Secret.of("canary\n"))),
        wrong("extraHeaders has 'a b'", o -> o.extraHeaders(Map.of("a b", "x"))),
        wrong("extraHeaders 'X' has a char", o -> o.extraHeaders(Map.of("X", "canary\r\nY: z"))),
        wrong("extraHeaders has 'content-length', which", o -> own(o, "content-length")),
        wrong("extraHeaders has 'Transfer-Encoding', which", o -> own(o, "Transfer-Encoding")),
        wrong("extraHeaders has 'Host', which is not allowed", o -> own(o, "Host")),
        wrong("extraHeaders has 'Connection', which", o -> own(o, "Connection")),
        wrong("connectLimit is PT-1S", o -> o.connectLimit(Duration.ofSeconds(-1))),
        wrong("callLimit is PT-1S", o -> o.callLimit(Duration.ofSeconds(-1))),
        wrong("generationLimit is PT-1S", o -> o.generationLimit(Duration.ofSeconds(-1))),
        wrong("firstTokenLimit is PT-1S", o -> o.firstTokenLimit(Duration.ofSeconds(-1))),
        wrong(
            "idleLimit is PT9000H; it must be from zero", o -> o.idleLimit(Duration.ofHours(9000))),
        wrong("actor has 1 characters", o -> o.actor(" ")),
        wrong("requestId has 201 characters", o -> o.requestId("canary" + "x".repeat(195))));
  }

  private static Builder own(Builder options, String header) {
    return options.extraHeaders(Map.of(header, "canary"));
  }

  private static Arguments wrong(String message, UnaryOperator<Builder> option) {
    return Arguments.of(message, option);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void wrongValue_isNamedWithoutItsSecret(String message, UnaryOperator<Builder> option) {
    assertThatThrownBy(() -> option.apply(CallOptions.builder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("canary");
  }

  private static CallOptions all() {
    return CallOptions.builder()
        .apiKey(Secret.of("canary-key"))
        .extraHeaders(Map.of("X-One", "canary-1", "X-Two", "canary-2"))
        .connectLimit(Duration.ofSeconds(1))
        .callLimit(Duration.ofSeconds(2))
        .generationLimit(Duration.ofSeconds(3))
        .firstTokenLimit(Duration.ofSeconds(4))
        .idleLimit(Duration.ofSeconds(5))
        .streamRecovery(StreamRecovery.OFF)
        .actor("alice")
        .requestId("r-1")
        .build();
  }

  @Test
  void options_showNoSecretAndAreRebuilt() {
    assertThat(all().toString())
        .contains("apiKey=Optional[***]", "X-One", "X-Two", "PT4S", "alice", "r-1")
        .doesNotContain("canary");
    assertThat(all().toBuilder().build()).isEqualTo(all());
    assertThat(
            all().toBuilder()
                .apiKey(null)
                .extraHeaders(null)
                .connectLimit(null)
                .callLimit(null)
                .generationLimit(null)
                .firstTokenLimit(null)
                .idleLimit(null)
                .streamRecovery(null)
                .actor(null)
                .requestId(null)
                .build())
        .isEqualTo(CallOptions.NONE);
  }

  @Test
  void laterOptions_winFieldByField() {
    CallOptions later =
        CallOptions.builder()
            .extraHeaders(Map.of("x-two", "b", "X-Three", "c"))
            .idleLimit(Duration.ZERO)
            .requestId("r-2")
            .build();
    CallOptions both = later.over(all());
    assertThat(both)
        .isEqualTo(
            all().toBuilder()
                .extraHeaders(Map.of("X-One", "canary-1", "x-two", "b", "X-Three", "c"))
                .idleLimit(Duration.ZERO)
                .requestId("r-2")
                .build());
    assertThat(CallOptions.NONE.over(all())).isEqualTo(all());
  }

  @Test
  void settings_stayWhereNothingElseIsSaid() {
    LmStudioSettings settings =
        LmStudioSettings.builder()
            .apiKey(Secret.of("own"))
            .extraHeaders(Map.of("x-one", "own", "X-Own", "own"))
            .build();
    assertThat(CallOptions.NONE.over(settings)).isEqualTo(settings);
    LmStudioSettings as = all().over(settings);
    assertThat(as.apiKey()).hasValue(Secret.of("canary-key"));
    assertThat(as.extraHeaders())
        .isEqualTo(Map.of("X-One", "canary-1", "X-Two", "canary-2", "X-Own", "own"));
    assertThat(as.streamRecovery()).isEqualTo(StreamRecovery.OFF);
    assertThat(as.limits())
        .isEqualTo(
            new Limits(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5)));
  }

  @Test
  void view_sendsItsOwnKeyAndHeaders() {
    try (ScriptedLmStudio lmStudio =
        new ScriptedLmStudio(settings -> settings.extraHeaders(HEADERS).maxRetries(0))) {
      SdkContract view =
          lmStudio
              .sdk
              .with(CallOptions.builder().apiKey(Secret.of("first")).actor("x").build())
              .with(
                  CallOptions.builder()
                      .apiKey(Secret.of("second"))
                      .extraHeaders(Map.of("x-a", "b", "X-B", "c"))
                      .build());
      answersModels(lmStudio);
      answersModels(lmStudio);
      view.listModels(ModelFilter.ALL);
      SimulatorRequest request = lmStudio.server.requests().get(0);
      assertThat(request.header("Authorization")).hasValue("Bearer second");
      assertThat(request.header("X-A")).hasValue("b");
      assertThat(request.header("X-B")).hasValue("c");

      int before = lmStudio.server.requests().size();
      lmStudio.sdk.listModels(ModelFilter.ALL);
      SimulatorRequest own = lmStudio.server.requests().get(before);
      assertThat(own.header("Authorization")).hasValue("Bearer " + Canaries.KEY);
      assertThat(own.header("X-A")).hasValue("a");
      assertThat(own.header("X-B")).isEmpty();
    }
  }

  /** The server makes a view for each stream, and LM Studio logs an error for some questions. */
  @Test
  void viewsThatBeginTogether_shareOneDetection() throws Exception {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.server.enqueue(
          "/api/v1/models", respondWithJson(200, "{\"models\":[").thenStall().body("]}"));
      for (int i = 0; i < VIEWS; i++) {
        lmStudio.server.enqueue(CHAT, respondWithEvents(text("a") + end()));
      }
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < VIEWS; i++) {
        SdkContract view = lmStudio.sdk.with(CallOptions.by("caller-" + i, "r-" + i));
        answers.add(
            CompletableFuture.supplyAsync(
                () -> view.createChatCompletion(ScriptedLmStudio.HELLO).content(),
                task -> Thread.ofVirtual().start(task)));
      }
      assertThat(lmStudio.server.awaitStall(ScriptedLmStudio.LIMIT)).isTrue();
      lmStudio.server.release();
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(ScriptedLmStudio.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
      }
      assertThat(lmStudio.server.requests())
          .filteredOn(request -> request.method().equals("GET"))
          .extracting(SimulatorRequest::path)
          .containsExactly("/api/v1/models");
    }
  }

  @Test
  void limitOfAView_endsItsCallsOnly() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.maxRetries(0))) {
      SdkContract view =
          lmStudio.sdk.with(CallOptions.builder().callLimit(Duration.ofMillis(2001)).build());
      lmStudio.server.enqueue(
          "/v1/models", respondWithJson(200, "{\"d").thenStall().body("ata\":[]}"));
      assertThatThrownBy(() -> view.listModels(ModelFilter.ALL))
          .isInstanceOfSatisfying(
              TimeoutException.class,
              timeout -> {
                assertThat(timeout.limit()).isEqualTo(Limit.CALL);
                assertThat(timeout).hasMessageContaining("2001 ms");
              });
      answersModels(lmStudio);
      assertThat(lmStudio.sdk.listModels(ModelFilter.ALL).models()).isNotEmpty();
    }
  }

  @Test
  void keyAndHeadersOfAView_areInNoError() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.maxRetries(0))) {
      SdkContract view =
          lmStudio.sdk.with(
              CallOptions.builder()
                  .apiKey(Secret.of("canary-key"))
                  .extraHeaders(Map.of("X-Api-Key", "canary-1", "X-Session-Token", "canary-2"))
                  .build());
      lmStudio.answering(
          respondWithJson(401, "{\"error\":\"Malformed token: canary-k, canary-1, canary-2\"}"));
      assertThatThrownBy(() -> view.createChatCompletion(ScriptedLmStudio.HELLO))
          .isInstanceOf(LmStudioException.class)
          .hasMessageContaining("***")
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void view_livesAsLongAsItsOwner() throws Exception {
    ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.maxRetries(0));
    SdkContract view = lmStudio.sdk.with(CallOptions.NONE);
    // Its type does not offer it, a cast does: it owns nothing.
    ((AutoCloseable) view).close();
    answersModels(lmStudio);
    assertThat(lmStudio.sdk.listModels(ModelFilter.ALL).models()).isNotEmpty();
    lmStudio.close();
    assertThatThrownBy(() -> view.listModels(ModelFilter.ALL))
        .isInstanceOf(CancelledException.class);
  }
}
