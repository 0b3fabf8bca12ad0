package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.simulator.socket.Script;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded streams, cut at every byte, by FIN and by RST, with and without recovery: what was shown
 * is the beginning of the true text or void, the end is told once, and the next request works.
 */
class CutEverywhereTest {
  private static final String RECOVERED = "recovered";

  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void cutAroundEveryLineEndAndNowAndThen(RecordedStream stream) {
    String text = Recorded.text(stream.file());
    cut(stream, at -> at % 97 == 0 || text.startsWith("\n", at) || text.startsWith("\n", at - 1));
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("ee.lmstudio.sdk.RecordedStream#all")
  void cutAtEveryByte(RecordedStream stream) {
    cut(stream, at -> true);
  }

  private static void cut(RecordedStream stream, IntPredicate where) {
    byte[] bytes = stream.bytes();
    for (StreamRecovery recovery : StreamRecovery.values()) {
      try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.streamRecovery(recovery))) {
        IntStream.rangeClosed(0, bytes.length)
            .filter(where)
            .forEach(
                at -> {
                  check(lmStudio, stream, at, recovery, script(bytes).cutAt(at));
                  check(lmStudio, stream, at, recovery, script(bytes).resetAt(at));
                });
      }
    }
  }

  private static Script script(byte[] bytes) {
    return Script.respondWith(200, "text/event-stream").body(bytes);
  }

  private static void check(
      ScriptedLmStudio lmStudio,
      RecordedStream stream,
      int at,
      StreamRecovery recovery,
      Script script) {
    Script next = Script.respondWithEvents(text(RECOVERED) + end());
    boolean whole = at >= stream.wholeFrom();
    boolean recovers = !whole && (recovery == StreamRecovery.RESTART || at < stream.textFrom());
    lmStudio.answering(script);
    if (recovers) {
      lmStudio.answering(next);
    }
    Outcome outcome = lmStudio.chat();
    String shown = outcome.observer().text();

    assertThat(outcome.endings()).as("ends at byte %d", at).isEqualTo(1);
    if (whole) {
      assertThat(shown).as("byte %d", at).isEqualTo(stream.text());
      assertThat(outcome.told()).endsWith(" completed(" + stream.finishReason() + ")");
      assertThat(outcome.posted()).as("posts at byte %d", at).isEqualTo(1);
    } else if (recovers) {
      assertThat(shown).as("byte %d", at).isEqualTo(RECOVERED);
      assertThat(outcome.told()).endsWith("delta(recovered) completed(stop)");
      assertThat(outcome.told().contains("reset(break)")).isEqualTo(at >= stream.textFrom());
      assertThat(outcome.posted()).as("posts at byte %d", at).isEqualTo(2);
    } else {
      assertThat(stream.text()).as("byte %d", at).startsWith(shown);
      assertThat(outcome.error()).isExactlyInstanceOf(StreamingException.class);
      assertThat(outcome.told()).endsWith(") failed(upstream_error)").doesNotContain("reset");
      assertThat(outcome.posted()).as("posts at byte %d", at).isEqualTo(1);
    }
  }
}
