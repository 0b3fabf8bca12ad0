package ee.lmstudio.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailedSignInsTest {

  @Test
  void addressesBeyondTheLimit_forgetTheOldest() {
    FailedSignIns failures = new FailedSignIns(() -> Instant.EPOCH);
    for (int i = 0; i < FailedSignIns.MAX_ADDRESSES + 500; i++) {
      failures.failed("10.%d.%d.1".formatted(i / 250, i % 250));
    }
    assertThat(failures.size()).isEqualTo(FailedSignIns.MAX_ADDRESSES);
  }
}
