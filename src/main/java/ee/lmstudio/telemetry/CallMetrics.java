package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Counts calls and streams with MicroProfile Metrics, in the application's scope: see {@link
 * ServerMetric}.
 *
 * <p>Every label has a small set of values: {@link ModelNames} limits the models, the configuration
 * names the upstreams, and no label holds a caller or an error code that LM Studio sent.
 */
@ApplicationScoped
public class CallMetrics {
  private static final Logger LOG = Logger.getLogger(CallMetrics.class.getName());

  @Inject MetricRegistry registry;
  private final AtomicBoolean off = new AtomicBoolean();

  /** The number of running streams for each upstream and model. */
  private final Map<List<String>, AtomicInteger> running = new ConcurrentHashMap<>();

  /**
   * Counts a call.
   *
   * @param model the label of its model
   */
  void count(String upstream, String model, CallRecord call) {
    unlessOff(() -> update(upstream, model, call));
  }

  /** Counts the time that a stream waited for its turn. */
  void waited(String upstream, String model, Duration time) {
    unlessOff(() -> timer(ServerMetric.QUEUE_WAIT, time, upstream, model));
  }

  /** Changes the number of running streams. */
  void running(String upstream, String model, int change) {
    unlessOff(
        () ->
            running
                .computeIfAbsent(List.of(upstream, model), key -> gauge(upstream, model))
                .addAndGet(change));
  }

  private AtomicInteger gauge(String upstream, String model) {
    AtomicInteger number = new AtomicInteger();
    ServerMetric metric = ServerMetric.RUNNING;
    registry.gauge(metric.metadata(), number, AtomicInteger::get, tags(metric, upstream, model));
    return number;
  }

  /**
   * Does the work. On a server whose metrics are off, nothing is counted, and a warning is logged
   * once.
   */
  private void unlessOff(Runnable work) {
    if (off.get()) {
      return;
    }
    try {
      work.run();
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

  private void update(String upstream, String model, CallRecord call) {
    String method = call.method().methodName();
    String outcome = call.outcome().name().toLowerCase(Locale.ROOT);
    counter(ServerMetric.CALLS, 1, upstream, model, method, outcome);
    counter(ServerMetric.ATTEMPTS, call.requests(), upstream, model, method);
    timer(ServerMetric.DURATION, call.duration(), upstream, model, method);
    call.firstToken()
        .ifPresent(time -> timer(ServerMetric.FIRST_TOKEN, time, upstream, model, method));
    CallRecord.Delivery delivery = call.delivery();
    if (delivery.chunks() > 1) {
      Duration mean = delivery.chunkTime().dividedBy(delivery.chunks() - 1);
      timer(ServerMetric.CHUNK_INTERVAL, mean, upstream, model, method);
    }
    delivery
        .downgrade()
        .ifPresent(reason -> counter(ServerMetric.DOWNGRADES, 1, upstream, model, reason));
    call.tokens()
        .ifPresent(
            tokens -> {
              counter(ServerMetric.TOKENS, tokens.prompt(), upstream, model, method, "prompt");
              counter(
                  ServerMetric.TOKENS, tokens.completion(), upstream, model, method, "completion");
            });
  }

  private void counter(
      ServerMetric metric, long add, String upstream, String model, String... labels) {
    registry.counter(metric.metadata(), tags(metric, upstream, model, labels)).inc(add);
  }

  private void timer(
      ServerMetric metric, Duration time, String upstream, String model, String... labels) {
    registry.timer(metric.metadata(), tags(metric, upstream, model, labels)).update(time);
  }

  private static Tag[] tags(ServerMetric metric, String upstream, String model, String... labels) {
    Tag[] tags = new Tag[2 + labels.length];
    tags[0] = new Tag("upstream", upstream);
    tags[1] = new Tag("model", model);
    for (int i = 0; i < labels.length; i++) {
      tags[2 + i] = new Tag(metric.labels().get(i), labels[i]);
    }
    return tags;
  }
}
