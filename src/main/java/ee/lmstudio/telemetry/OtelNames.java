package ee.lmstudio.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The names that OpenTelemetry gets: those of its semantic conventions for generative AI, version
 * 1.41, and our own, which begin with {@code lmstudio.}. docs/operations/telemetry.md explains
 * them.
 */
final class OtelNames {
  /** The version of the conventions. */
  static final String SCHEMA = "https://opentelemetry.io/schemas/1.41.0";

  static final String PROVIDER = "lmstudio";

  /** The boundaries that the conventions recommend for times: 0.01 s, doubled 13 times. */
  private static final List<Double> SECONDS =
      IntStream.range(0, 14).mapToObj(n -> (1 << n) / 100.0).toList();

  /** The boundaries that the conventions recommend for tokens: 1, multiplied 13 times by 4. */
  private static final List<Double> TOKENS =
      IntStream.range(0, 14).mapToObj(n -> (double) (1L << 2 * n)).toList();

  /** Attributes of spans and metrics. */
  static final class Attribute {
    static final AttributeKey<String> OPERATION = text("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER_NAME = text("gen_ai.provider.name");
    static final AttributeKey<String> REQUEST_MODEL = text("gen_ai.request.model");
    static final AttributeKey<Boolean> REQUEST_STREAM =
        AttributeKey.booleanKey("gen_ai.request.stream");
    static final AttributeKey<String> RESPONSE_MODEL = text("gen_ai.response.model");
    static final AttributeKey<List<String>> FINISH_REASONS =
        AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    static final AttributeKey<Double> FIRST_CHUNK =
        AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");
    static final AttributeKey<Long> INPUT_TOKENS = number("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS = number("gen_ai.usage.output_tokens");
    static final AttributeKey<String> TOKEN_TYPE = text("gen_ai.token.type");
    static final AttributeKey<String> SERVER_ADDRESS = text("server.address");
    static final AttributeKey<Long> SERVER_PORT = number("server.port");
    static final AttributeKey<String> ERROR_TYPE = text("error.type");
    static final AttributeKey<Long> STATUS = number("http.response.status_code");
    static final AttributeKey<String> MACHINE = text("lmstudio.machine");
    static final AttributeKey<String> OUTCOME = text("lmstudio.outcome");
    static final AttributeKey<Long> ATTEMPTS = number("lmstudio.attempts");
    static final AttributeKey<Long> CHUNKS = number("lmstudio.chunks");
    static final AttributeKey<String> DOWNGRADE = text("lmstudio.downgrade.reason");
    static final AttributeKey<Boolean> ESTIMATED =
        AttributeKey.booleanKey("lmstudio.usage.estimated");

    private Attribute() {}

    private static AttributeKey<String> text(String name) {
      return AttributeKey.stringKey(name);
    }

    private static AttributeKey<Long> number(String name) {
      return AttributeKey.longKey(name);
    }
  }

  /** Metrics with their kinds, units and descriptions. */
  enum Metric {
    DURATION("gen_ai.client.operation.duration", Kind.TIMES, "s", "Time from a call to its result"),
    TOKEN_USAGE(
        "gen_ai.client.token.usage", Kind.NUMBERS, "{token}", "Tokens of one call, by their type"),
    FIRST_CHUNK(
        "gen_ai.client.operation.time_to_first_chunk",
        Kind.TIMES,
        "s",
        "Time from a streamed call to its first chunk"),
    PER_CHUNK(
        "gen_ai.client.operation.time_per_output_chunk",
        Kind.TIMES,
        "s",
        "Mean time between the chunks of one call"),
    ATTEMPTS(
        "lmstudio.client.attempts",
        Kind.COUNTER,
        "{attempt}",
        "Requests to LM Studio, including second streams and retries"),
    DOWNGRADES(
        "lmstudio.client.downgrades",
        Kind.COUNTER,
        "{downgrade}",
        "Answers that arrived as a whole instead of as a stream"),
    QUEUE_WAIT(
        "lmstudio.server.queue.wait", Kind.TIMES, "s", "Time that a stream waited for its turn"),
    RUNNING(
        "lmstudio.server.streams.running",
        Kind.GAUGE,
        "{stream}",
        "Streams that are running, without those that wait for their turn");

    /** What a metric is. */
    enum Kind {
      TIMES,
      NUMBERS,
      COUNTER,
      GAUGE
    }

    private final String metricName;
    private final Kind kind;
    private final String unit;
    private final String description;

    Metric(String metricName, Kind kind, String unit, String description) {
      this.metricName = metricName;
      this.kind = kind;
      this.unit = unit;
      this.description = description;
    }

    String metricName() {
      return metricName;
    }

    Kind kind() {
      return kind;
    }

    String unit() {
      return unit;
    }

    String description() {
      return description;
    }

    /** Returns the boundaries of the buckets of a histogram. */
    List<Double> boundaries() {
      return kind == Kind.TIMES ? SECONDS : TOKENS;
    }
  }

  private OtelNames() {}
}
