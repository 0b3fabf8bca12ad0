package ee.lmstudio.upstreams;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * MicroProfile Fault Tolerance's timeouts around calls that are not generations. They only catch
 * calls that the SDK's own limits could not end: they follow {@code lm-studio.timeout} and {@code
 * lm-studio.generation-timeout}, and expire 10 s later ({@link ee.lmstudio.config.GuardTimeouts}).
 * They are the same for every upstream, so annotations can state them; what belongs to one upstream
 * is in {@link Guard}.
 */
@ApplicationScoped
public class CallTimeouts {
  /** Runs a call that generates nothing. */
  @Timeout(70_000)
  public <T> T plain(Supplier<T> call) {
    return call.get();
  }

  /** Runs a call that takes long: audio, images, loading a model. */
  @Timeout(610_000)
  public <T> T work(Supplier<T> call) {
    return call.get();
  }
}
