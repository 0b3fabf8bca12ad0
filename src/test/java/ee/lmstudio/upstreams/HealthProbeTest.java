package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.ConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthProbeTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Instant now = Instant.EPOCH;
  private volatile RuntimeException fault;

  private final HealthProbe probe =
      new HealthProbe(
          () -> {
            asked.incrementAndGet();
            if (fault != null) {
              throw fault;
            }
          },
          LONG,
          () -> now);

  @Test
  void upstreamThere_hasNoFault() {
    assertThat(probe.fault()).isEmpty();
  }

  @Test
  void upstreamAway_tellsTheCodeAndNothingElse() {
    fault = new ConnectionException("canary 10.0.0.9", "canary", null);
    assertThat(probe.fault()).contains("upstream_unreachable");
  }

  @Test
  void defect_isToldAsInternalError() {
    fault = new IllegalStateException("canary");
    assertThat(probe.fault()).contains("internal_error");
  }

  @Test
  void freshAnswer_isUsedAgain() {
    probe.fault();
    now = now.plus(HealthProbe.FRESH).minusMillis(1);
    probe.fault();
    assertThat(asked).hasValue(1);
    now = now.plusMillis(1);
    fault = new ConnectionException("m", "h", null);
    assertThat(probe.fault()).isPresent();
    assertThat(asked).hasValue(2);
  }

  @Test
  void hangingUpstream_isAskedOnceAndLetGo() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger hanging = new AtomicInteger();
    HealthProbe stuck =
        new HealthProbe(
            () -> {
              hanging.incrementAndGet();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
            },
            Duration.ofMillis(1),
            () -> now);
    assertThat(stuck.fault()).contains("upstream_timeout");
    interrupted.await();
    assertThat(stuck.fault()).as("kept as an answer").contains("upstream_timeout");
    assertThat(hanging).hasValue(1);
  }
}
