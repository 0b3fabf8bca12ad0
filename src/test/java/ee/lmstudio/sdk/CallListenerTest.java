package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallRecord.Outcome;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One record a call, of every outcome. Beside these, each chat of {@link ScriptedLmStudio} looks at
 * its record, so every fault of every test is told, too.
 */
@Timeout(60)
class CallListenerTest {
  private static final String MODELS = "{\"data\":[{\"id\":\"m\"}]}";

  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.maxRetries(1));

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private CallRecord only() {
    assertThat(lmStudio.records).hasSize(1);
    return lmStudio.records.remove();
  }

  @Test
  void completedChat_tellsModelTokensAndTimes() {
    Instant before = Instant.now();
    lmStudio.answering(respondWithEvents(text("Hel") + text("lo") + end()));
    lmStudio
        .sdk
        .with(CallOptions.builder().actor("alice").requestId("r-1").build())
        .createChatCompletion(ScriptedLmStudio.HELLO);
    CallRecord call = only();
    assertThat(call.method()).isEqualTo(CallMethod.CREATE_CHAT_COMPLETION);
    assertThat(call.method().path()).isEqualTo("/v1/chat/completions");
    assertThat(call.method().methodName()).isEqualTo("createChatCompletion");
    assertThat(call.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(call.errorCode()).isEmpty();
    assertThat(call.status()).hasValue(200);
    assertThat(call.streams()).isEqualTo(1);
    assertThat(call.retries()).isZero();
    assertThat(call.model()).isPresent();
    assertThat(call.tokens())
        .hasValueSatisfying(
            tokens -> {
              assertThat(tokens.synthesized()).isTrue();
              assertThat(tokens.completion()).isEqualTo(2);
            });
    assertThat(call.startedAt()).isBetween(before, Instant.now());
    assertThat(call.firstToken())
        .hasValueSatisfying(
            first -> assertThat(first).isPositive().isLessThanOrEqualTo(call.duration()));
    assertThat(call.actor()).hasValue("alice");
    assertThat(call.requestId()).hasValue("r-1");
  }

  @Test
  void countsOfTheServer_areNotSynthesised() {
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}\n\n";
    lmStudio.answering(respondWithEvents(text("a") + usage + end()));
    lmStudio.sdk.createCompletion(CompletionRequest.of("once").withModel("m"));
    CallRecord call = only();
    assertThat(call.method()).isEqualTo(CallMethod.CREATE_COMPLETION);
    assertThat(call.tokens()).hasValue(new Tokens(3, 5, false));
    assertThat(call.actor()).isEmpty();
    assertThat(call.requestId()).isEmpty();
  }

  @Test
  void retriesAndStreams_areCounted() {
    lmStudio.answering(
        Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0"),
        respondWithEvents(text("cut")),
        respondWithEvents(text("whole") + end()));
    lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO);
    CallRecord call = only();
    assertThat(call.streams()).isEqualTo(2);
    assertThat(call.retries()).isEqualTo(1);
    assertThat(call.requests()).isEqualTo(3);
    assertThat(call.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(call.delivery().chunks()).isEqualTo(2);
    assertThat(call.delivery().chunkTime()).isPositive();
    assertThat(call.delivery().finishReason()).hasValue("stop");
    assertThat(call.delivery().downgrade()).isEmpty();
  }

  @Test
  void finishReasonThatIsNotAWord_isNotKept() {
    lmStudio.answering(
        respondWithEvents(
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},"
                + "\"finish_reason\":\"as you said: %s\"}]}\n\ndata: [DONE]\n\n"
                    .formatted(Canaries.PROMPT)));
    lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO);
    assertThat(only().delivery().finishReason()).isEmpty();
  }

  @Test
  void answerThatIsNotStreamed_isADowngrade() {
    lmStudio.answering(respondWithJson(200, Chunks.whole("a")));
    lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO);
    assertThat(only().delivery().downgrade()).hasValue("not_streamed");
  }

  @Test
  void aliasOfAModel_isTheRequestedModel() {
    lmStudio.answering(
        respondWithEvents(
            "data: {\"model\":\"answering\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
                + end()));
    lmStudio.sdk.createCompletion(CompletionRequest.of("once").withModel("requested"));
    CallRecord call = only();
    assertThat(call.model()).hasValue("answering");
    assertThat(call.requestedModel()).hasValue("requested");
  }

  @Test
  void askingForTheModel_isPartOfTheCall() {
    lmStudio.server.enqueue("/v1/models", respondWithJson(200, MODELS));
    lmStudio.server.enqueue("/api/v0/models", respondWithJson(404, ""));
    lmStudio.server.enqueue("/api/v1/models", respondWithJson(404, ""));
    lmStudio.answering(respondWithEvents(text("a") + end()));
    lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello"));
    CallRecord call = only();
    assertThat(call.method()).isEqualTo(CallMethod.CREATE_CHAT_COMPLETION);
    assertThat(call.status()).hasValue(200);
  }

  @Test
  void listingThatIsNotOffered_isNotHowTheCallEnded() {
    lmStudio.server.enqueue("/v1/models", respondWithJson(200, MODELS));
    lmStudio.server.enqueue("/api/v0/models", respondWithJson(404, ""));
    lmStudio.server.enqueue("/api/v1/models", respondWithJson(404, ""));
    lmStudio.sdk.listModels(ModelFilter.ALL);
    CallRecord call = only();
    assertThat(call.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(call.status()).hasValue(200);
  }

  @Test
  void lastAnswerOfACallThatFailed_isHowItEnded() {
    lmStudio.server.enqueue("/v1/models", respondWithJson(200, MODELS));
    lmStudio.server.enqueue("/api/v0/models", respondWithJson(401, ""));
    assertThatThrownBy(() -> lmStudio.sdk.listModels(ModelFilter.ALL))
        .isInstanceOf(AuthenticationException.class);
    assertThat(only().status()).hasValue(401);
  }

  @Test
  void refusedBeforeAnythingWasSent_isTold() {
    assertThatThrownBy(
            () ->
                lmStudio.sdk.listModels(
                    new ModelFilter(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of("none of ours"))))
        .isInstanceOf(ValidationException.class);
    CallRecord call = only();
    assertThat(call.method()).isEqualTo(CallMethod.LIST_MODELS);
    assertThat(call.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(call.errorCode()).hasValue("validation_failed");
    assertThat(call.status()).isEmpty();
    assertThat(call.model()).isEmpty();
    assertThat(call.tokens()).isEmpty();
    assertThat(call.firstToken()).isEmpty();
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  @Test
  void statedError_isToldWithItsStatus() {
    lmStudio.answering(respondWithJson(500, ""), respondWithJson(500, ""));
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO))
        .isInstanceOf(ServerException.class);
    CallRecord call = only();
    assertThat(call.errorCode()).hasValue("upstream_error");
    assertThat(call.status()).hasValue(500);
    assertThat(call.retries()).isEqualTo(1);
    assertThat(call.model()).hasValue("asked");
  }

  @Test
  void cancelled_isAnOutcomeOfItsOwn() {
    lmStudio.answering(Script.respondWithEvents(text("a")).thenStall());
    StreamObserver cancelling =
        new StreamObserver() {
          private StreamHandle handle;

          @Override
          public void onHandle(StreamHandle given) {
            handle = given;
          }

          @Override
          public void onDelta(ee.lmstudio.sdk.model.Delta delta) {
            handle.cancel();
          }
        };
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO, cancelling))
        .isInstanceOf(CancelledException.class);
    CallRecord call = only();
    assertThat(call.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(call.errorCode()).isEmpty();
    assertThat(call.firstToken()).isPresent();
  }

  @Test
  void observerThatThrows_isAnInternalError() {
    lmStudio.answering(respondWithEvents(text("a") + end()));
    StreamObserver throwing =
        new StreamObserver() {
          @Override
          public void onAccepted() {
            throw new IllegalStateException("its own");
          }
        };
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO, throwing))
        .isInstanceOf(IllegalStateException.class);
    assertThat(only().errorCode()).hasValue("internal_error");
  }

  @Test
  void startedCall_isToldOnItsOwnThreadAfterTheObserver() throws Exception {
    CountDownLatch completed = new CountDownLatch(1);
    CompletableFuture<Boolean> afterTheObserver = new CompletableFuture<>();
    CompletableFuture<String> thread = new CompletableFuture<>();
    LmStudioSettings settings = LmStudioSettings.builder().baseUrl(lmStudio.server.url()).build();
    lmStudio.answering(respondWithEvents(text("a") + end()));
    try (LmStudio sdk =
        LmStudio.connect(
            settings,
            call -> {
              thread.complete(Thread.currentThread().getName());
              afterTheObserver.complete(completed.getCount() == 0);
            })) {
      sdk.startChatCompletion(
          ScriptedLmStudio.HELLO,
          new StreamObserver() {
            @Override
            public void onCompleted(ee.lmstudio.sdk.model.Completion answer) {
              completed.countDown();
            }
          });
      assertThat(afterTheObserver.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(thread.get(20, TimeUnit.SECONDS)).isEqualTo("lmstudio-generation");
    }
  }

  @Test
  void listenerThatThrows_harmsNobodyAndIsLogged() {
    LmStudioSettings settings = LmStudioSettings.builder().baseUrl(lmStudio.server.url()).build();
    lmStudio.answering(respondWithEvents(text("fine") + end()));
    try (Canaries log = new Canaries();
        LmStudio sdk =
            LmStudio.connect(
                settings,
                call -> {
                  throw new AssertionError("the listener's own");
                })) {
      assertThat(sdk.createChatCompletion(ScriptedLmStudio.HELLO).content()).isEqualTo("fine");
      assertThat(log.logged()).contains("A CallListener threw an exception", "the listener's own");
    }
  }

  @Test
  void keyAsAModelsName_isNotTold() {
    lmStudio.answering(
        respondWithEvents(
            "data: {\"model\":\"%s\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
                    .formatted(Canaries.KEY)
                + end()));
    lmStudio.sdk.createChatCompletion(ScriptedLmStudio.HELLO);
    assertThat(only().model()).hasValue("***");
  }

  @Test
  void record_hasACodeIfItFailed() {
    assertThatThrownBy(
            () ->
                new CallRecord(
                    CallMethod.HEALTH_CHECK,
                    Instant.EPOCH,
                    Duration.ZERO,
                    Optional.empty(),
                    OptionalInt.empty(),
                    0,
                    0,
                    0,
                    Outcome.FAILED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    CallRecord.Delivery.NONE,
                    Optional.empty(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FAILED");
  }
}
