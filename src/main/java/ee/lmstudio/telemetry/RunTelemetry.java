package ee.lmstudio.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Counts streams while they wait and run. The calls behind them are counted when they end. */
@ApplicationScoped
public class RunTelemetry {
  @Inject CallMetrics metrics;
  @Inject ModelNames names;
  @Inject Exports exports;

  /** Creates the beans on a platform thread: docs/decisions/0111. */
  void begin(@Observes Startup started) {
    List.of(metrics, names, exports).forEach(Object::toString);
  }

  /** Returns work that belongs to the trace of the calling thread, whichever thread runs it. */
  public Runnable inContext(Runnable work) {
    return exports.get().inContext(work);
  }

  /**
   * Notes how long a stream has waited for its turn.
   *
   * @param model the model that was requested
   */
  public void waited(String upstream, Optional<String> model, Duration time) {
    String label = names.labelOf(model);
    metrics.waited(upstream, label, time);
    exports.get().waited(upstream, label, time);
  }

  /**
   * Does the work of a stream, and counts the stream as running meanwhile.
   *
   * @param model the model that was requested
   */
  public void running(String upstream, Optional<String> model, Runnable work) {
    // The name may become known meanwhile, and both changes need the same label.
    String label = names.labelOf(model);
    metrics.running(upstream, label, 1);
    exports.get().running(upstream, label, 1);
    try {
      work.run();
    } finally {
      metrics.running(upstream, label, -1);
      exports.get().running(upstream, label, -1);
    }
  }
}
