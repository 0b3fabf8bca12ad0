package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.upstreams.CallGuard;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.junit.jupiter.api.Test;

/** docs/reference/configuration.md says what the guards of plain calls are set to. */
class GuardDocTest {
  @Test
  void guards_areAsTheReferenceSays() throws Exception {
    String reference = Files.readString(Path.of("docs/reference/configuration.md"));
    Method plain = CallGuard.class.getMethod("plain", Supplier.class);
    Method work = CallGuard.class.getMethod("work", Supplier.class);
    CircuitBreaker breaker = plain.getAnnotation(CircuitBreaker.class);
    assertThat(work.getAnnotation(CircuitBreaker.class)).isEqualTo(breaker);
    assertThat(reference)
        .contains("`" + CallGuard.class.getName() + "/plain/…`")
        .contains("`" + CallGuard.class.getName() + "/work/…`")
        .contains("`CircuitBreaker/requestVolumeThreshold` (" + breaker.requestVolumeThreshold())
        .contains("`CircuitBreaker/failureRatio` (" + breaker.failureRatio())
        .contains("`CircuitBreaker/delay` (" + breaker.delay() + " ms)")
        .contains(
            "(%d for `plain`, %d for `work`)"
                .formatted(
                    plain.getAnnotation(Bulkhead.class).value(),
                    work.getAnnotation(Bulkhead.class).value()));
  }
}
