package ee.lmstudio.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Gauge;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.Metric;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Sampling;
import org.eclipse.microprofile.metrics.Snapshot;
import org.eclipse.microprofile.metrics.Timer;

/**
 * Writes metrics in the text format of Prometheus, with the names and labels that MicroProfile
 * Metrics 5 prescribes. Times are in seconds.
 */
final class PrometheusText {
  private static final double NANOS = 1e9;

  /** Numbers below this are written without an exponent if they are whole. */
  private static final double WHOLE = 1e15;

  /** The lines of each family of metrics, by its name. The first two lines describe the family. */
  private final Map<String, List<String>> families = new TreeMap<>();

  private final MetricRegistry registry;

  private PrometheusText(MetricRegistry registry) {
    this.registry = registry;
  }

  /** Returns the metrics of a registry. */
  static String of(MetricRegistry registry) {
    PrometheusText metrics = new PrometheusText(registry);
    registry.getMetrics().forEach(metrics::add);
    StringBuilder text = new StringBuilder();
    metrics
        .families
        .values()
        .forEach(lines -> lines.forEach(line -> text.append(line).append('\n')));
    return text.toString();
  }

  private void add(MetricID id, Metric metric) {
    Metadata about = registry.getMetadata(id.getName());
    String unit = about == null ? "" : about.unit().filter(it -> !it.equals("none")).orElse("");
    String name = plain(id.getName());
    String inUnits = unit.isEmpty() ? name : name + "_" + plain(unit);
    String labels = labels(id);
    switch (metric) {
      case Counter counter -> {
        String total = name + "_total";
        family(total, "counter", about).add(line(total, labels, counter.getCount()));
      }
      case Gauge<?> gauge when gauge.getValue() != null ->
          family(inUnits, "gauge", about)
              .add(line(inUnits, labels, gauge.getValue().doubleValue()));
      case Timer timer -> {
        double sum = timer.getElapsedTime().toNanos() / NANOS;
        summary(name + "_seconds", about, labels, timer, NANOS, sum, timer.getCount());
      }
      case Histogram histogram ->
          summary(inUnits, about, labels, histogram, 1, histogram.getSum(), histogram.getCount());
      default -> {
        // A gauge that has no value now.
      }
    }
  }

  private void summary(
      String name,
      Metadata about,
      String labels,
      Sampling values,
      double unit,
      double sum,
      long count) {
    List<String> lines = family(name, "summary", about);
    for (Snapshot.PercentileValue value : values.getSnapshot().percentileValues()) {
      String quantile = "quantile=\"" + value.getPercentile() + "\",";
      lines.add(line(name, quantile + labels, value.getValue() / unit));
    }
    lines.add(line(name + "_sum", labels, sum));
    lines.add(line(name + "_count", labels, count));
  }

  private List<String> family(String name, String type, Metadata about) {
    return families.computeIfAbsent(
        name,
        key -> {
          String help = about == null ? "" : about.description().orElse("");
          return head(key, type, help);
        });
  }

  /** Returns the lines that describe a family. */
  static List<String> head(String name, String type, String help) {
    List<String> lines = new ArrayList<>();
    if (!help.isEmpty()) {
      lines.add("# HELP " + name + " " + help.replace("\\", "\\\\").replace("\n", "\\n"));
    }
    lines.add("# TYPE " + name + " " + type);
    return lines;
  }

  private static String line(String name, String labels, double value) {
    return name + "{" + labels + "} " + number(value);
  }

  /** Returns a number without an exponent if it is whole and not too large for that. */
  static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < WHOLE;
    return whole ? "" + (long) value : "" + value;
  }

  private String labels(MetricID id) {
    StringBuilder labels = new StringBuilder();
    id.getTags()
        .forEach(
            (name, value) ->
                labels.append(plain(name)).append("=\"").append(escaped(value)).append("\","));
    return labels.append("mp_scope=\"").append(registry.getScope()).append('"').toString();
  }

  private static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
