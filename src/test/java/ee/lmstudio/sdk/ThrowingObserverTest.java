package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.simulator.socket.Script;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An exception of an observer ends the call as it is; the observer hears nothing more. */
class ThrowingObserverTest {
  static Stream<Throwable> exceptions() {
    return Stream.of(
        new IllegalStateException("mine"),
        new UncheckedIOException(new IOException("mine")),
        new ProcessingException(new IOException("mine")),
        new StreamingException("mine", "none", null),
        new CancelledException("mine", "none", null),
        new AssertionError("mine"));
  }

  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    @SuppressWarnings("unchecked")
    T unchecked = (T) thrown;
    throw unchecked;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exceptions")
  void inADelta_closesTheConnection(Throwable thrown) throws Exception {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(Script.respondWithEvents(text("a") + text("b")).thenStayOpen());
      Outcome outcome =
          lmStudio.chat(
              new RecordingObserver() {
                @Override
                public void onDelta(Delta delta) {
                  super.onDelta(delta);
                  ThrowingObserverTest.<RuntimeException>sneak(thrown);
                }
              });
      assertThat(outcome.error()).isSameAs(thrown);
      assertThat(outcome.told()).isEqualTo("handle accepted delta(a)");
      assertThat(outcome.posted()).isEqualTo(1);
      assertThat(lmStudio.server.awaitStreamClosedByClient(LIMIT)).isTrue();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exceptions")
  void atTheHandle_sendsNothing(Throwable thrown) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      Outcome outcome =
          lmStudio.chat(
              new RecordingObserver() {
                @Override
                public void onHandle(StreamHandle it) {
                  super.onHandle(it);
                  ThrowingObserverTest.<RuntimeException>sneak(thrown);
                }
              });
      assertThat(outcome.error()).isSameAs(thrown);
      assertThat(outcome.told()).isEqualTo("handle");
      assertThat(lmStudio.server.requests()).isEmpty();
      assertThat(outcome.observer().handle.join().cancel()).as("it is over").isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exceptions")
  void atTheEnd_isThrownByTheCall(Throwable thrown) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      lmStudio.answering(
          Script.respondWithEvents(text("a") + end()), Script.respondWithJson(400, "{}"));
      RecordingObserver observer =
          new RecordingObserver() {
            @Override
            public void onCompleted(Completion answer) {
              super.onCompleted(answer);
              ThrowingObserverTest.<RuntimeException>sneak(thrown);
            }

            @Override
            public void onFailed(LmStudioException error) {
              super.onFailed(error);
              ThrowingObserverTest.<RuntimeException>sneak(thrown);
            }
          };
      assertThat(lmStudio.chat(observer).error()).isSameAs(thrown);
      assertThat(lmStudio.chat(observer).error()).isSameAs(thrown);
      assertThat(String.join(" ", observer.told))
          .isEqualTo("handle accepted delta(a) completed(stop) handle failed(validation_failed)");
    }
  }
}
