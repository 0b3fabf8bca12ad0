package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.Chunks.whole;
import static ee.lmstudio.sdk.ScriptedLmStudio.HELLO;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cancel in any phase: told last and once, the connection closed, nothing posted afterwards. */
@Timeout(60)
class CancelGenerationTest {
  private final ScriptedLmStudio lmStudio =
      new ScriptedLmStudio(settings -> settings.streamRetryPause(Duration.ofHours(1)));
  private final RecordingObserver observer = new RecordingObserver();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  /** Cancels, and checks what must hold after every cancel. */
  private void cancel(String toldBefore, int posted) throws Exception {
    StreamHandle handle = observer.handle.get();
    assertThat(handle.cancel()).isTrue();
    assertThat(handle.cancel()).isFalse();
    assertCancelled(toldBefore, posted);
  }

  private void assertCancelled(String toldBefore, int posted) throws Exception {
    assertThat(observer.last.get()).isEqualTo("cancelled");
    assertThat(String.join(" ", observer.told)).isEqualTo("handle " + toldBefore + "cancelled");
    assertThat(lmStudio.server.generationsPosted()).isEqualTo(posted);
  }

  private static Script silent() {
    return respondWithRaw(new byte[0]).thenStayOpen();
  }

  @Test
  void whileItWaitsForHeaders() throws Exception {
    lmStudio.answering(silent());
    lmStudio.sdk.startChatCompletion(HELLO, observer);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    cancel("", 1);
  }

  @Test
  void whileItReads() throws Exception {
    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    lmStudio.sdk.startChatCompletion(HELLO, observer);
    observer.firstDelta.get();
    cancel("accepted delta(a) ", 1);
    assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void byTheHandleThatStartReturns() throws Exception {
    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    StreamHandle handle =
        lmStudio.sdk.startCompletion(CompletionRequest.of("Once").withModel("m"), observer);
    observer.firstDelta.get();
    assertThat(handle.cancel()).isTrue();
    assertCancelled("accepted delta(a) ", 1);
  }

  /** Calls on a thread of its own, and returns when that thread waits for time to pass. */
  private Thread callUntilItPauses() throws InterruptedException {
    lmStudio.current();
    Thread thread = Thread.ofVirtual().start(() -> lmStudio.chat(observer));
    // Connecting has a limit of time, too, and so has the question before the post. From the post
    // on nothing has but a pause.
    assertThat(lmStudio.server.awaitRequests(2, LIMIT)).isTrue();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void inThePauseBetweenAttempts() throws Exception {
    lmStudio.answering(respondWithEvents(text("a")).thenReset());
    callUntilItPauses();
    cancel("accepted delta(a) ", 1);
  }

  @Test
  void inTheRetryPause() throws Exception {
    lmStudio.answering(respondWithJson(503, "{}").header("Retry-After", "59"));
    callUntilItPauses();
    cancel("", 1);
  }

  @Test
  void whileThePlainCallRuns() throws Exception {
    try (ScriptedLmStudio plain = new ScriptedLmStudio(s -> s.streamingEnabled(false))) {
      plain.answering(respondWithJson(200, whole("a")).goSilentAt(5));
      plain.sdk.startChatCompletion(HELLO, observer);
      assertThat(plain.server.awaitStall(LIMIT)).isTrue();
      assertThat(observer.handle.get().cancel()).isTrue();
      assertThat(observer.last.get()).isEqualTo("cancelled");
      assertThat(observer.told).containsExactly("handle", "downgraded(disabled 0)", "cancelled");
      assertThat(plain.server.generationsPosted()).isEqualTo(1);
    }
  }

  @Test
  void whileItLooksForAModel() throws Exception {
    lmStudio.current().server.enqueue("/v1/models", silent());
    lmStudio.sdk.startCompletion(CompletionRequest.of("Once"), observer);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    cancel("", 0);
  }

  @Test
  void beforeAnythingIsSent() throws Exception {
    RecordingObserver atOnce =
        new RecordingObserver() {
          @Override
          public void onHandle(StreamHandle it) {
            super.onHandle(it);
            assertThat(it.cancel()).isTrue();
          }
        };
    assertThat(lmStudio.chat(atOnce).error()).isInstanceOf(CancelledException.class);
    assertThat(atOnce.told).containsExactly("handle", "cancelled");
    assertThat(lmStudio.server.requests()).isEmpty();
  }

  @Test
  void fromWithinTheModelsName_showsNothingMore() throws Exception {
    String first = "{\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}";
    lmStudio.answering(Script.respondWithEvents("data: " + first + "\n\n" + end()));
    RecordingObserver atModel =
        new RecordingObserver() {
          @Override
          public void onModel(String model) {
            super.onModel(model);
            handle.join().cancel();
          }
        };
    assertThat(lmStudio.chat(atModel).error()).isInstanceOf(CancelledException.class);
    assertThat(atModel.told).containsExactly("handle", "accepted", "model(m)", "cancelled");
  }

  @Test
  void fromWithinADelta_showsNothingMore() throws Exception {
    lmStudio.answering(Script.respondWith(200, "text/event-stream").body(text("a") + end()));
    RecordingObserver atDelta =
        new RecordingObserver() {
          @Override
          public void onDelta(Delta delta) {
            super.onDelta(delta);
            handle.join().cancel();
          }
        };
    assertThat(lmStudio.chat(atDelta).error()).isInstanceOf(CancelledException.class);
    assertThat(atDelta.told).containsExactly("handle", "accepted", "delta(a)", "cancelled");
  }

  @Test
  void duringTheLastStep_isACancel() {
    lmStudio.answering(respondWithJson(200, whole("a")));
    RecordingObserver atDowngrade =
        new RecordingObserver() {
          @Override
          public void onDowngraded(Downgrade downgrade) {
            super.onDowngraded(downgrade);
            assertThat(handle.join().cancel()).isTrue();
          }
        };
    assertThat(lmStudio.chat(atDowngrade).error()).isInstanceOf(CancelledException.class);
    assertThat(atDowngrade.told).endsWith("cancelled").doesNotContain("completed(stop)");
  }

  @Test
  void afterTheEnd_isNone() {
    lmStudio.answering(respondWithEvents(text("a") + end()));
    RecordingObserver atEnd =
        new RecordingObserver() {
          @Override
          public void onCompleted(Completion answer) {
            assertThat(handle.join().cancel()).isFalse();
            super.onCompleted(answer);
          }
        };
    assertThat(lmStudio.chat(atEnd).error()).isNull();
    assertThat(atEnd.handle.join().cancel()).isFalse();
    assertThat(atEnd.told).endsWith("completed(stop)");
  }

  @Test
  void interruptOfItsVirtualThread_isACancel() throws Exception {
    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    FutureTask<Outcome> call = new FutureTask<>(() -> lmStudio.chat(observer));
    Thread thread = Thread.ofVirtual().start(call);
    observer.firstDelta.get();
    thread.interrupt();
    assertThat(call.get().error()).isInstanceOf(CancelledException.class);
    assertCancelled("accepted delta(a) ", 1);
    assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void interruptBeforeTheHeaders_isACancel() throws Exception {
    lmStudio.answering(silent());
    FutureTask<Outcome> call = new FutureTask<>(() -> lmStudio.chat(observer));
    Thread thread = Thread.ofPlatform().start(call);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    thread.interrupt();
    assertThat(call.get().error()).isInstanceOf(CancelledException.class);
    assertCancelled("", 1);
  }

  @Test
  void interruptOfAPlainCall_isACancel() throws Exception {
    lmStudio.server.enqueue("/v1/models", silent());
    FutureTask<Object> call = new FutureTask<>(() -> lmStudio.sdk.listModels(ModelFilter.ALL));
    Thread thread = Thread.ofVirtual().start(call);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    thread.interrupt();
    assertThatThrownBy(call::get).hasCauseInstanceOf(CancelledException.class);
  }

  @Test
  void interruptInAPause_isACancel() throws Exception {
    lmStudio.answering(respondWithJson(503, "{}").header("Retry-After", "59"));
    callUntilItPauses().interrupt();
    assertCancelled("", 1);
  }

  /** The client is closed while it waits, and complains in several ways. */
  @RepeatedTest(10)
  void closingTheSdkBeforeTheHeaders_isACancel() throws Exception {
    lmStudio.answering(Script.respondWithRaw(new byte[0]).thenStayOpen());
    FutureTask<Outcome> streamed = new FutureTask<>(lmStudio::chat);
    Thread.ofVirtual().start(streamed);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    lmStudio.sdk.close();
    assertThat(streamed.get().error()).isInstanceOf(CancelledException.class);
    assertThat(streamed.get().told()).isEqualTo("handle cancelled");
  }

  @Test
  void closingTheSdk_cancelsWhatRunsAndWhatComes() throws Exception {
    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    lmStudio.sdk.startChatCompletion(HELLO, observer);
    observer.firstDelta.get();
    lmStudio.sdk.close();
    assertCancelled("accepted delta(a) ", 1);
    assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();

    Outcome late = lmStudio.chat();
    assertThat(late.error())
        .isInstanceOf(CancelledException.class)
        .hasMessage("The SDK was closed");
    assertThat(late.told()).isEqualTo("handle cancelled");
    assertThatThrownBy(lmStudio.sdk::healthCheck).isInstanceOf(CancelledException.class);
  }
}
