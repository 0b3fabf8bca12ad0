package ee.lmstudio.telemetry;

import java.util.List;
import org.eclipse.microprofile.metrics.Metadata;

/**
 * The metrics that this application counts with MicroProfile Metrics and shows at {@code /metrics}.
 * docs/operations/telemetry.md explains them.
 */
enum ServerMetric {
  CALLS("lmstudio.calls", Kind.COUNTER, "Calls to LM Studio that ended", "method", "outcome"),
  ATTEMPTS(
      "lmstudio.attempts",
      Kind.COUNTER,
      "Requests to LM Studio, including second streams and retries",
      "method"),
  DOWNGRADES(
      "lmstudio.downgrades",
      Kind.COUNTER,
      "Answers that arrived as a whole instead of as a stream",
      "reason"),
  DURATION(
      "lmstudio.call.duration",
      Kind.TIMER,
      "Time from a call to LM Studio to its result",
      "method"),
  FIRST_TOKEN(
      "lmstudio.call.first.token", Kind.TIMER, "Time from a call to the first token", "method"),
  CHUNK_INTERVAL(
      "lmstudio.call.chunk.interval",
      Kind.TIMER,
      "Mean time between the chunks of one call",
      "method"),
  TOKENS(
      "lmstudio.tokens",
      Kind.COUNTER,
      "Tokens that LM Studio processed or generated",
      "method",
      "kind"),
  QUEUE_WAIT("lmstudio.queue.wait", Kind.TIMER, "Time that a stream waited for its turn"),
  RUNNING(
      "lmstudio.streams.running",
      Kind.GAUGE,
      "Streams that are running, without those that wait for their turn");

  /** What a metric is. */
  enum Kind {
    COUNTER,
    TIMER,
    GAUGE
  }

  private final String metricName;
  private final Kind kind;
  private final String description;
  private final List<String> labels;

  ServerMetric(String metricName, Kind kind, String description, String... labels) {
    this.metricName = metricName;
    this.kind = kind;
    this.description = description;
    this.labels = List.of(labels);
  }

  String metricName() {
    return metricName;
  }

  /** Returns the name of the family in Prometheus' text format. */
  String family() {
    String plain = metricName.replace('.', '_');
    return switch (kind) {
      case COUNTER -> plain + "_total";
      case TIMER -> plain + "_seconds";
      case GAUGE -> plain;
    };
  }

  Kind kind() {
    return kind;
  }

  /** Returns the labels that this metric has in addition to {@code upstream} and {@code model}. */
  List<String> labels() {
    return labels;
  }

  Metadata metadata() {
    return Metadata.builder().withName(metricName).withDescription(description).build();
  }
}
