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
 * Counts calls with MicroProfile Metrics, in the application's scope:
 *
 * <ul>
 *   <li>{@code lmstudio.calls}, a counter by {@code upstream}, {@code method} and {@code outcome};
 *   <li>{@code lmstudio.call.duration}, a timer by {@code upstream} and {@code method};
 *   <li>{@code lmstudio.call.first.token}, a timer by {@code upstream} and {@code method};
 *   <li>{@code lmstudio.tokens}, a counter by {@code upstream}, {@code method} and {@code kind}
 *       (prompt, completion).
 * </ul>
 *
 * <p>Every label has a small, fixed set of values: no label holds a model, a caller or an error
 * code that LM Studio sent. The configuration names the upstreams.
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
   * Counts a call. On a server whose metrics are off, nothing is counted, and a warning is logged
   * once.
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
            "Calls to LM Studio are not counted because MicroProfile Metrics are not available on"
                + " this server",
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
        .timer(named(DURATION, "Time from a call to LM Studio to its result"), upstream, method)
        .update(call.duration());
    call.firstToken()
        .ifPresent(
            time ->
                registry
                    .timer(
                        named(FIRST_TOKEN, "Time from a call to the first token"), upstream, method)
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
            named(TOKENS, "Tokens that LM Studio processed or generated"),
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
