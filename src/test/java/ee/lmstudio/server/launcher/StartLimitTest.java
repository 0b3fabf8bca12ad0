package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StartLimitTest {

  @Test
  void startThatTakesTooLong_isReportedWithWhatEachThreadWaitsFor() throws Exception {
    Object lock = new Object();
    CompletableFuture<String> report = new CompletableFuture<>();
    Thread waiting = new Thread(() -> take(lock), "the second start thread");
    synchronized (lock) {
      waiting.start();
      while (waiting.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      StartLimit.begin(Duration.ofMillis(1), report::complete);

      assertThat(report.get(20, TimeUnit.SECONDS))
          .startsWith("the start took longer than 0 s. Start the server again.")
          .containsPattern(
              "\"the second start thread\" BLOCKED on java.lang.Object@\\w+, held by \""
                  + Thread.currentThread().getName()
                  + "\"\n  at .*StartLimitTest.take");
    }
    waiting.join();
  }

  @Test
  void startThatEnds_isNotReported() throws Exception {
    CompletableFuture<String> report = new CompletableFuture<>();

    Thread limit = StartLimit.begin(Duration.ofHours(1), report::complete);
    limit.interrupt();
    limit.join();

    assertThat(report).isNotDone();
  }

  private static void take(Object lock) {
    synchronized (lock) {
      lock.notifyAll();
    }
  }
}
