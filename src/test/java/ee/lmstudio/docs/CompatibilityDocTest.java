package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.CompatibilityMatrix.Row;
import ee.lmstudio.sdk.capability.Support;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/compatibility.md are a copy of the matrix. {@code mvn test -DskipNode
 * -Dtest=CompatibilityDocTest -Dcompatibility.update} writes the two tables again.
 */
class CompatibilityDocTest {
  private static final Path FILE = Path.of("docs/compatibility.md");
  private static final String BETWEEN = "<!-- %s -->\n(.*?)<!-- end -->";

  /**
   * Refused and unknown versions have no column: nothing is sent, or every capability is unknown.
   */
  private static final List<Row> COLUMNS =
      CompatibilityMatrix.rows().stream()
          .filter(row -> !row.versions().equals("older") && row.since().isPresent())
          .toList();

  @Test
  void versions_areThoseOfTheMatrix() {
    String table =
        CompatibilityMatrix.rows().stream()
            .map(
                row ->
                    "| %s | %s | %s |\n"
                        .formatted(
                            row.versions(),
                            row.level().name().toLowerCase(Locale.ROOT),
                            row.note()))
            .collect(
                Collectors.joining(
                    "", "| LM Studio | Support | Notes " + "|\n|---|---|---|\n", ""));
    assertThat(inTheDoc("versions", table)).isEqualTo(table);
  }

  @Test
  void capabilities_areThoseOfTheMatrix() {
    String head =
        COLUMNS.stream().map(Row::versions).collect(Collectors.joining(" | ", "| | ", " |\n"))
            + "|---".repeat(COLUMNS.size() + 1)
            + "|\n";
    String table =
        Stream.of(Capability.values())
            .map(CompatibilityDocTest::row)
            .collect(Collectors.joining("", head, ""));
    assertThat(inTheDoc("capabilities", table)).isEqualTo(table);
  }

  private static String row(Capability capability) {
    return COLUMNS.stream()
        .map(column -> word(column.support(capability)))
        .collect(
            Collectors.joining(
                " | ",
                "| %s: `%s` | ".formatted(capability.title(), capability.onTheWire()),
                " |\n"));
  }

  private static String word(Support support) {
    return switch (support) {
      case YES -> "yes";
      case NO -> "–";
      case UNKNOWN -> "unknown";
    };
  }

  private static String inTheDoc(String name, String table) {
    String doc = Readme.read(FILE);
    Pattern between = Pattern.compile(BETWEEN.formatted(name), Pattern.DOTALL);
    if (System.getProperty("compatibility.update") != null) {
      doc =
          between
              .matcher(doc)
              .replaceFirst(found -> "<!-- %s -->\n%s<!-- end -->".formatted(name, table));
      write(doc);
    }
    return between
        .matcher(doc)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(FILE + " has no table '" + name + "'"));
  }

  private static void write(String doc) {
    try {
      Files.writeString(FILE, doc);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A source is a recorded body, an issue or a documentation page; each body that is named exists.
   */
  @Test
  void everyBodyThatIsNamed_exists() {
    List<String> named =
        Pattern.compile("`([\\w.-]+\\.(?:json|sse|txt))`")
            .matcher(Readme.read(FILE))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(named)
        .hasSizeGreaterThan(8)
        .allSatisfy(
            body -> assertThat(Path.of("src/test/resources/lm-studio-wire", body)).isRegularFile());
  }
}
