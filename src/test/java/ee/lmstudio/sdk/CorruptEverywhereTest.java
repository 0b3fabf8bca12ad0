package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded streams with a wrong byte, or silent for good, at any position. */
class CorruptEverywhereTest {
  private static final byte[] WRONG = {0, '\n', '"', '}', (byte) 0xFF};

  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void wrongByteNowAndThen(RecordedStream stream) {
    corrupt(stream, 37);
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void wrongByteAnywhere(RecordedStream stream) {
    corrupt(stream, 1);
  }

  /** Ends once, with an answer or an error of ours, and the next request works. */
  private static void corrupt(RecordedStream stream, int step) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.maxRetries(0))) {
      byte[] bytes = stream.bytes();
      for (int at = 0; at < bytes.length; at += step) {
        byte right = bytes[at];
        bytes[at] = WRONG[at % WRONG.length];
        lmStudio.answering(Script.respondWith(200, "text/event-stream").body(bytes));
        Outcome outcome = lmStudio.chat();
        bytes[at] = right;

        assertThat(outcome.endings()).as("ends at byte %d", at).isEqualTo(1);
        if (outcome.error() != null) {
          assertThat(outcome.error()).as("byte %d", at).isInstanceOf(LmStudioException.class);
        }
        assertThat(outcome.posted()).as("posts at byte %d", at).isBetween(1L, 3L);
      }
      lmStudio.answering(Script.respondWithEvents(text("again") + end()));
      assertThat(lmStudio.chat().told()).endsWith("delta(again) completed(stop)");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void silentNowAndThen(RecordedStream stream) {
    silence(stream, 251);
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void silentAnywhere(RecordedStream stream) {
    silence(stream, 11);
  }

  /** A time limit, the text so far, one post; but a stream whose {@code [DONE]} came is whole. */
  private static void silence(RecordedStream stream, int step) {
    Duration soon = Duration.ofMillis(60);
    Duration never = Duration.ZERO;
    Limits limits = new Limits(Duration.ofSeconds(2), never, never, soon, soon);
    byte[] bytes = stream.bytes();
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.limits(limits))) {
      long asked = 0;
      for (int at = 0; at < bytes.length - 1; at += step) {
        Script script = Script.respondWith(200, "text/event-stream").body(bytes).goSilentAt(at);
        Outcome outcome = lmStudio.answering(script).chat();

        assertThat(outcome.error()).as("byte %d", at).isInstanceOf(TimeoutException.class);
        assertThat(stream.text()).as("byte %d", at).startsWith(outcome.observer().text());
        assertThat(outcome.endings()).isEqualTo(1);
        asked++;
      }
      // On a busy machine the time may be over before the request is out.
      assertThat(lmStudio.server.generationsPosted()).isBetween(1L, asked);
    }
  }
}
