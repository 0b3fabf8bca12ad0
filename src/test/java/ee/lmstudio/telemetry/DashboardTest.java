package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboards for Grafana ask only for metrics that this server has. */
class DashboardTest {
  private static final Path PROMETHEUS = Path.of("deploy/grafana/lmstudio-metrics.json");
  private static final Path OTEL = Path.of("deploy/grafana/lmstudio-opentelemetry.json");

  /** A name in a query that is not a function, a keyword, a label or a text. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private static JsonObject read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file);
        JsonReader reader = Json.createReader(in)) {
      return reader.readObject();
    }
  }

  /** Returns the queries of all panels and variables. */
  private static List<String> queries(JsonValue value) {
    List<String> found = new ArrayList<>();
    switch (value) {
      case JsonObject object ->
          object.forEach(
              (name, inside) -> {
                if ((name.equals("expr") || name.equals("query"))
                    && inside instanceof JsonString text
                    && !text.getString().equals("prometheus")) {
                  found.add(text.getString());
                } else {
                  found.addAll(queries(inside));
                }
              });
      case JsonArray array -> array.forEach(inside -> found.addAll(queries(inside)));
      default -> {
        // No query.
      }
    }
    return found;
  }

  /** Returns the names of metrics in a query of PromQL. */
  static Set<String> metrics(String query) {
    String plain =
        query
            .replaceAll("label_values\\(([^,]+),[^)]*\\)", "$1")
            .replaceAll("\\{[^}]*\\}", "")
            .replaceAll("\\[[^\\]]*\\]", "")
            .replaceAll("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)", "")
            .replaceAll("[a-z_]+\\s*\\(", "(");
    return NAME.matcher(plain)
        .results()
        .map(match -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the names of a metric of OpenTelemetry as Prometheus shows them. */
  private static Stream<String> prometheus(OtelNames.Metric metric) {
    String plain = metric.metricName().replace('.', '_');
    return switch (metric.kind()) {
      case TIMES -> histogram(plain + "_seconds");
      case NUMBERS -> histogram(plain);
      case COUNTER -> Stream.of(plain + "_total");
      case GAUGE -> Stream.of(plain);
    };
  }

  private static Stream<String> histogram(String name) {
    return Stream.of(name + "_bucket", name + "_sum", name + "_count");
  }

  private static Stream<String> names(ServerMetric metric) {
    String family = metric.family();
    return metric.kind() == ServerMetric.Kind.TIMER
        ? Stream.of(family, family + "_sum", family + "_count")
        : Stream.of(family);
  }

  private static void check(Path file, Set<String> exported, int atLeast) throws Exception {
    Set<String> used = new TreeSet<>();
    for (String query : queries(read(file))) {
      assertThat(metrics(query)).as(query).isNotEmpty().isSubsetOf(exported);
      used.addAll(metrics(query));
    }
    assertThat(used).hasSizeGreaterThanOrEqualTo(atLeast);
  }

  private static Set<String> jvm() {
    return JvmMetrics.text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" ")[0])
        .collect(Collectors.toSet());
  }

  @Test
  void metricsDashboard_asksOnlyForMetricsOfTheEndpoint() throws Exception {
    Set<String> exported =
        Stream.concat(
                Stream.of(ServerMetric.values()).flatMap(DashboardTest::names), jvm().stream())
            .collect(Collectors.toSet());
    check(PROMETHEUS, exported, ServerMetric.values().length);
  }

  @Test
  void otelDashboard_asksOnlyForMetricsThatAreExported() throws Exception {
    Set<String> exported =
        Stream.of(OtelNames.Metric.values())
            .flatMap(DashboardTest::prometheus)
            .collect(Collectors.toSet());
    check(OTEL, exported, OtelNames.Metric.values().length);
  }

  @Test
  void namesInAQuery_areFound() {
    assertThat(
            metrics(
                "sum by (model) (rate(a_total{upstream=~\"$upstream\"}[5m])) / max(b_sum) * 100"))
        .containsExactly("a_total", "b_sum");
    assertThat(metrics("label_values(a_total, model)")).containsExactly("a_total");
  }

  @Test
  void panels_haveTitlesAndUniqueIds() throws Exception {
    for (Path file : List.of(PROMETHEUS, OTEL)) {
      List<JsonObject> panels = read(file).getJsonArray("panels").getValuesAs(JsonObject.class);
      assertThat(panels).extracting(panel -> panel.getInt("id")).doesNotHaveDuplicates();
      assertThat(panels).allMatch(panel -> !panel.getString("title").isBlank());
    }
  }
}
