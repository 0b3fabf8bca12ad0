package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SdkProducerTest {
  @Test
  void virtualCaller_isServedByAPlatformThread() {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                virtual.complete(
                    SdkProducer.onPlatformThread(() -> Thread.currentThread().isVirtual())));
    assertThat(virtual.join()).isFalse();
  }

  @Test
  void failure_reachesTheCallerAsItIs() {
    IllegalStateException failure = new IllegalStateException("not allowed");
    assertThatThrownBy(
            () ->
                SdkProducer.onPlatformThread(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void interruptedCaller_getsTheResultAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(SdkProducer.onPlatformThread(() -> 7)).isEqualTo(7);
    assertThat(Thread.interrupted()).isTrue();
  }
}
