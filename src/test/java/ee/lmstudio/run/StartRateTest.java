package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The token bucket of each caller. */
class StartRateTest {
  private final AtomicLong clock = new AtomicLong(1);
  private final StartRate rate = new StartRate(6, clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void quota_saysWhatIsLeftAndWhenAllIsThereAgain() {
    assertThat(rate.quota("alice")).hasValue(new Quota(6, 6, Duration.ZERO));
    rate.take("alice");
    rate.take("alice");
    assertThat(rate.quota("alice")).hasValue(new Quota(6, 4, Duration.ofSeconds(20)));
    pass(Duration.ofSeconds(15));
    assertThat(rate.quota("alice")).hasValue(new Quota(6, 5, Duration.ofSeconds(5)));
    assertThat(rate.quota("bob")).hasValue(new Quota(6, 6, Duration.ZERO));
  }

  @Test
  void emptyBucket_refusesUntilTheNextStartIsThere() {
    for (int i = 0; i < 6; i++) {
      assertThat(rate.take("alice")).isEmpty();
    }
    assertThat(rate.take("alice")).hasValue(Duration.ofSeconds(10));
    assertThat(rate.quota("alice").orElseThrow().remaining()).isZero();
    pass(Duration.ofSeconds(10));
    assertThat(rate.take("alice")).isEmpty();
  }

  @Test
  void withoutALimit_thereIsNoQuota() {
    StartRate none = new StartRate(0, clock::get);
    assertThat(none.take("alice")).isEmpty();
    assertThat(none.quota("alice")).isEmpty();
  }
}
