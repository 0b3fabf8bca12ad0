package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operations/telemetry.md has every name that is exported, and no other. */
class OtelNamesTest {
  private static final Path PAGE = Path.of("docs/operations/telemetry.md");

  /** Returns the names of all attributes. */
  static Set<String> attributes() {
    return Stream.of(OtelNames.Attribute.class.getDeclaredFields())
        .filter(field -> field.getType() == AttributeKey.class)
        .map(OtelNamesTest::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Field field) {
    try {
      return ((AttributeKey<?>) field.get(null)).getKey();
    } catch (IllegalAccessException hidden) {
      throw new AssertionError(hidden);
    }
  }

  /** Returns the first cells of the table below a heading. */
  private static Set<String> table(String heading) throws Exception {
    String page = Files.readString(PAGE);
    int start = page.indexOf("\n" + heading + "\n");
    assertThat(start).as(heading).isPositive();
    int next = page.indexOf("\n## ", start + heading.length());
    return Pattern.compile("(?m)^\\| `([^`]+)` \\|.*$")
        .matcher(page.substring(start, next < 0 ? page.length() : next))
        .results()
        .map((MatchResult row) -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void attributes_areOnThePage() throws Exception {
    assertThat(table("## Attributes")).isEqualTo(attributes());
  }

  @Test
  void otelMetrics_areOnThePage() throws Exception {
    assertThat(table("## Metrics of OpenTelemetry"))
        .isEqualTo(
            Stream.of(OtelNames.Metric.values())
                .map(OtelNames.Metric::metricName)
                .collect(Collectors.toSet()));
  }

  @Test
  void units_areOnThePage() throws Exception {
    String page = Files.readString(PAGE);
    for (OtelNames.Metric metric : OtelNames.Metric.values()) {
      assertThat(page)
          .containsPattern(
              "\\| `"
                  + Pattern.quote(metric.metricName())
                  + "` \\| `?"
                  + Pattern.quote(metric.unit())
                  + "`? \\|");
    }
  }

  @Test
  void metricsOfPrometheus_areOnThePage() throws Exception {
    assertThat(table("## Metrics of `/metrics`"))
        .isEqualTo(
            Stream.of(ServerMetric.values()).map(ServerMetric::family).collect(Collectors.toSet()));
  }

  @Test
  void boundaries_areThoseOfTheConventions() {
    assertThat(OtelNames.Metric.DURATION.boundaries())
        .containsExactly(
            0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    assertThat(OtelNames.Metric.TOKEN_USAGE.boundaries())
        .startsWith(1.0, 4.0, 16.0, 64.0)
        .endsWith(16_777_216.0, 67_108_864.0)
        .hasSize(14);
  }
}
