package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UpstreamsTest {
  @Test
  void virtualCaller_isServedByAPlatformThread() {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                virtual.complete(
                    Upstreams.onPlatformThread(() -> Thread.currentThread().isVirtual())));
    assertThat(virtual.join()).isFalse();
  }

  @Test
  void failure_reachesTheCallerAsItIs() {
    IllegalStateException failure = new IllegalStateException("not allowed");
    assertThatThrownBy(
            () ->
                Upstreams.onPlatformThread(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void interruptedCaller_getsTheResultAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(Upstreams.onPlatformThread(() -> 7)).isEqualTo(7);
    assertThat(Thread.interrupted()).isTrue();
  }
}
