package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Calls of every outcome leave no thread and no socket behind. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LeakTest {
  private static final int ROUNDS = 50;

  /** For the one call that it ends: the others must not fear a machine that stands still. */
  private static final CallOptions SHORT_IDLE =
      CallOptions.builder().idleLimit(Duration.ofMillis(150)).build();

  @Test
  void after300CallsOfEveryOutcome_nothingIsLeft() throws Exception {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio(settings -> settings.maxRetries(0))) {
      mixedCalls(lmStudio);
      for (int round = 1; round < ROUNDS; round++) {
        mixedCalls(lmStudio);
      }
      awaitNoSocketTo(lmStudio.server.url());
      assertThat(lmStudio.server.openStreams()).isZero();
      assertThat(clockThreads()).isEqualTo(1);
      assertThat(lmStudio.server.generationsPosted()).isEqualTo(8L * ROUNDS);
    }
    awaitNoClockThread();
  }

  /** Six calls; two of them post twice. */
  private static void mixedCalls(ScriptedLmStudio lmStudio) throws Exception {
    SocketSimulator server = lmStudio.server;
    String ok = text("a") + end();
    lmStudio.answering(respondWithEvents(ok));
    assertThat(lmStudio.chat().told()).endsWith("completed(stop)");

    lmStudio.answering(respondWithEvents(text("a")).thenClose(), respondWithEvents(ok));
    assertThat(lmStudio.chat().told()).endsWith("completed(stop)");

    lmStudio.answering(respondWithEvents(text("a")).thenReset(), respondWithEvents(ok));
    assertThat(lmStudio.chat().told()).endsWith("completed(stop)");

    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    assertThat(lmStudio.chat(new RecordingObserver(), SHORT_IDLE).told())
        .endsWith("failed(upstream_timeout)");
    assertThat(server.awaitStreamClosedByClient(LIMIT)).isTrue();

    lmStudio.answering(respondWithEvents(text("a")).thenStayOpen());
    RecordingObserver cancelling =
        new RecordingObserver() {
          @Override
          public void onDelta(Delta delta) {
            super.onDelta(delta);
            handle.join().cancel();
          }
        };
    assertThat(lmStudio.chat(cancelling).told()).endsWith("cancelled");
    assertThat(server.awaitStreamClosedByClient(LIMIT)).isTrue();

    lmStudio.answering(respondWithJson(400, "{\"error\":\"no\"}"));
    assertThat(lmStudio.chat().told()).endsWith("failed(validation_failed)");
  }

  private static long clockThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lmstudio-clock"))
        .count();
  }

  private static void awaitNoClockThread() {
    while (clockThreads() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Returns when no socket of this machine is connected to that port, from either side. */
  private static void awaitNoSocketTo(URI url) {
    String port = ":%04X".formatted(url.getPort());
    while (connected("/proc/net/tcp", port) + connected("/proc/net/tcp6", port) > 0) {
      Thread.onSpinWait();
    }
  }

  /** Linux's table of sockets; 01 is connected, 08 is closed by the other side only. */
  private static long connected(String table, String port) {
    try {
      return Files.readAllLines(Path.of(table)).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length > 3)
          .filter(columns -> columns[3].equals("01") || columns[3].equals("08"))
          .filter(
              columns ->
                  IntStream.of(1, 2).mapToObj(i -> columns[i]).anyMatch(a -> a.endsWith(port)))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
