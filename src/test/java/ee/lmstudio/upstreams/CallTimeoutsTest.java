package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.GuardTimeouts;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@link GuardTimeouts} gives milliseconds. If the annotation had another unit, the limits would be
 * a thousand times longer, and Payara's timer would keep each call in memory for so long.
 */
class CallTimeoutsTest {
  @ParameterizedTest
  @CsvSource({"plain, PT70S", "work, PT610S"})
  void annotation_hasTheUnitOfTheSettings(String method, Duration standard) throws Exception {
    Timeout timeout =
        CallTimeouts.class.getMethod(method, Supplier.class).getAnnotation(Timeout.class);
    assertThat(timeout.unit()).isEqualTo(ChronoUnit.MILLIS);
    assertThat(Duration.ofMillis(timeout.value())).isEqualTo(standard);
  }
}
