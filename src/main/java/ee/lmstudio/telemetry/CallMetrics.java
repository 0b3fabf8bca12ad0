package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Calls in numbers, as MicroProfile Metrics of the application's scope:
 *
 * <ul>
 *   <li>{@code lmstudio.calls}, a counter by {@code upstream}, {@code method} and {@code outcome};
 *   <li>{@code lmstudio.call.duration}, a timer by {@code upstream} and {@code method};
 *   <li>{@code lmstudio.call.first.token}, a timer by {@code upstream} and {@code method};
 *   <li>{@code lmstudio.tokens}, a counter by {@code upstream}, {@code method} and {@code kind}
 *       (prompt, completion).
 * </ul>
 *
 * <p>Labels have few values, all of them ours: none is a model, a caller or an error code that LM
 * Studio sent. An upstream is named by the configuration.
 */
@ApplicationScoped
public class CallMetrics {
  static final String CALLS = "lmstudio.calls";
  static final String DURATION = "lmstudio.call.duration";
  static final String FIRST_TOKEN = "lmstudio.call.first.token";
  static final String TOKENS = "lmstudio.tokens";

  private static final Logger LOG = Logger.getLogger(CallMetrics.class.getName());

  @Inject MetricRegistry registry;
  private final AtomicBoolean off = new AtomicBoolean();

  /**
   * Counts a call. On a server whose metrics are off, nothing is counted, and that is said once.
   */
  void count(String upstream, CallRecord call) {
    if (off.get()) {
      return;
    }
    try {
      update(new Tag("upstream", upstream), call);
    } catch (RuntimeException noMetrics) {
      if (off.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "Calls to LM Studio are not counted: this server has no MicroProfile Metrics, or they"
                + " are off",
            noMetrics);
      }
    }
  }

  private void update(Tag upstream, CallRecord call) {
    Tag method = method(call.method());
    String outcome = call.outcome().name().toLowerCase(Locale.ROOT);
    registry
        .counter(
            named(CALLS, "Calls to LM Studio that ended"),
            upstream,
            method,
            new Tag("outcome", outcome))
        .inc();
    registry
        .timer(named(DURATION, "From a call to LM Studio to its result"), upstream, method)
        .update(call.duration());
    call.firstToken()
        .ifPresent(
            time ->
                registry
                    .timer(
                        named(FIRST_TOKEN, "From a call to the first piece of text"),
                        upstream,
                        method)
                    .update(time));
    call.tokens()
        .ifPresent(
            tokens -> {
              tokens(upstream, method, "prompt", tokens.prompt());
              tokens(upstream, method, "completion", tokens.completion());
            });
  }

  private void tokens(Tag upstream, Tag method, String kind, int count) {
    registry
        .counter(
            named(TOKENS, "Tokens that LM Studio worked for"),
            upstream,
            method,
            new Tag("kind", kind))
        .inc(count);
  }

  private static Tag method(CallMethod method) {
    return new Tag("method", method.methodName());
  }

  private static Metadata named(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }
}
