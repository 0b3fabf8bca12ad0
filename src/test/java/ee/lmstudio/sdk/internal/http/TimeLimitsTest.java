package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.error.TimeoutException.Limit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which limit runs when, on a clock that the test moves. */
class TimeLimitsTest {
  private final ManualClock clock = new ManualClock();
  private final StopSwitch stop = new StopSwitch();

  @AfterEach
  void close() {
    clock.shutdownNow();
  }

  private TimeLimits limits(int generation, int firstToken, int idle) {
    return new TimeLimits(
        clock,
        clock::nanoTime,
        stop,
        Limit.GENERATION,
        Duration.ofSeconds(generation),
        Duration.ofSeconds(firstToken),
        Duration.ofSeconds(idle));
  }

  private Optional<Limit> ranOut() {
    try {
      stop.throwIfStopped();
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(e.limit());
    }
  }

  @Test
  void firstToken_runsFromThePostOn() {
    limits(0, 10, 5).posted();
    clock.advance(9);
    assertThat(ranOut()).isEmpty();
    clock.advance(1);
    assertThat(ranOut()).hasValue(Limit.FIRST_TOKEN);
  }

  @Test
  void commentsAndEvents_doNotStopTheClockOfTheFirstToken() {
    TimeLimits limits = limits(0, 10, 5);
    limits.posted();
    for (int second = 0; second < 10; second++) {
      assertThat(ranOut()).isEmpty();
      clock.advance(1);
      limits.comment();
      limits.event();
    }
    assertThat(ranOut()).hasValue(Limit.FIRST_TOKEN);
  }

  @Test
  void idle_runsFromEachEventAfterTheFirstToken() {
    TimeLimits limits = limits(0, 10, 5);
    limits.posted();
    for (int second = 0; second < 20; second++) {
      limits.token();
      clock.advance(4);
      limits.event();
      clock.advance(4);
      assertThat(ranOut()).isEmpty();
    }
    clock.advance(1);
    assertThat(ranOut()).hasValue(Limit.IDLE);
  }

  @Test
  void silenceAfterTheAnswer_endsTheWaitWithoutAFault() {
    AtomicInteger brokenOff = new AtomicInteger();
    stop.breakOffBy(brokenOff::incrementAndGet);
    TimeLimits limits = limits(60, 10, 5);
    limits.posted();
    limits.token();
    limits.answered();
    clock.advance(4);
    limits.comment();
    limits.event();
    assertThat(brokenOff).hasValue(0);
    clock.advance(1);
    assertThat(brokenOff).hasValue(1);
    clock.advance(100);
    assertThat(ranOut()).isEmpty();
  }

  @Test
  void comments_extendTheIdleLimitForTenMinutes() {
    TimeLimits limits = limits(0, 10, 60);
    limits.posted();
    limits.token();
    int seconds = 0;
    while (ranOut().isEmpty()) {
      clock.advance(30);
      seconds += 30;
      limits.comment();
    }
    assertThat(ranOut()).hasValue(Limit.IDLE);
    assertThat(seconds).isBetween(600, 660);
  }

  @Test
  void eachPost_startsTheClockOfTheFirstTokenAnew() {
    TimeLimits limits = limits(0, 10, 5);
    limits.posted();
    limits.token();
    limits.nothingAwaited();
    clock.advance(1000);
    limits.posted();
    clock.advance(9);
    assertThat(ranOut()).isEmpty();
    clock.advance(1);
    assertThat(ranOut()).hasValue(Limit.FIRST_TOKEN);
  }

  @Test
  void generation_runsThroughEverything() {
    TimeLimits limits = limits(20, 10, 0);
    limits.posted();
    clock.advance(5);
    limits.token();
    clock.advance(14);
    assertThat(ranOut()).isEmpty();
    clock.advance(1);
    assertThat(ranOut()).hasValue(Limit.GENERATION);
  }

  @Test
  void zero_isNoLimit() {
    TimeLimits limits = limits(0, 0, 0);
    limits.posted();
    clock.advance(100_000);
    limits.token();
    clock.advance(100_000);
    limits.token();
    limits.event();
    limits.comment();
    clock.advance(100_000);
    assertThat(ranOut()).isEmpty();
  }

  @Test
  void noLimitForTheFirstToken_leavesIdleness() {
    TimeLimits limits = limits(0, 0, 5);
    limits.posted();
    clock.advance(100_000);
    limits.token();
    clock.advance(5);
    assertThat(ranOut()).hasValue(Limit.IDLE);
  }

  @Test
  void closed_neverFires() {
    TimeLimits limits = limits(20, 10, 5);
    limits.posted();
    limits.close();
    limits.token();
    clock.advance(1000);
    assertThat(ranOut()).isEmpty();
    assertThat(clock.waiting()).isZero();
  }
}
