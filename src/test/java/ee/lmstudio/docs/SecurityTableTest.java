package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/operations/security.md name tests that exist, and the code that they test. */
class SecurityTableTest {
  private static final Path FILE = Path.of("docs/operations/security.md");

  /** The risks that need a row, whatever else is in the tables. */
  private static final List<String> RISKS =
      List.of(
          "SSRF",
          "Rebinding against us",
          "CSRF",
          "Stream guessing",
          "Token handling",
          "Leaks",
          "Log injection",
          "SSE injection",
          "XSS by model output",
          "Headers",
          "Tool calls",
          "Supply chain");

  private static final int RULES_OF_SIGN_IN = 14;
  private static final Pattern NAME = Pattern.compile("\\*\\*(.+?)\\*\\*.*");
  private static final Pattern PROOF = Pattern.compile("`(\\w+\\.\\w+|[\\w.-]+\\.test\\.js#\\w+)`");

  /** A class of the product, or a file: the lower-case code in a row is only quoted. */
  private static final Pattern SOURCE =
      Pattern.compile("`([A-Z]\\w*[a-z]\\w*|[\\w.-]+\\.(?:js|json|xml|txt))`");

  private static final Set<String> SOURCES = sources();

  private static Set<String> sources() {
    try (Stream<Path> code = Files.walk(Path.of("src/main"));
        Stream<Path> settings = Files.list(Path.of("server-config"));
        Stream<Path> root = Files.list(Path.of("."))) {
      return Stream.of(code, settings, root)
          .flatMap(files -> files)
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row of one of the two tables. */
  record Row(String name, String control, String proof) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return Stream.of("## Threats and controls\n", "## Rules of sign-in\n")
        .flatMap(heading -> rowsBelow(heading).stream())
        .toList();
  }

  private static List<Row> rowsBelow(String heading) {
    String page = Readme.read(FILE);
    assertThat(page).containsOnlyOnce(heading);
    return page.substring(page.indexOf(heading) + heading.length())
        .lines()
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(SecurityTableTest::row)
        .toList();
  }

  private static Row row(String line) {
    String[] cells = line.split("(?<!\\\\)\\|", -1);
    assertThat(cells).as(line).hasSize(5);
    var name = NAME.matcher(cells[1].strip());
    assertThat(name.matches()).as("The first cell begins with a name in bold: %s", line).isTrue();
    return new Row(name.group(1), cells[2].strip(), cells[3].strip());
  }

  @Test
  void everyRisk_hasItsRow() {
    assertThat(rowsBelow("## Threats and controls\n"))
        .extracting(Row::name)
        .containsExactlyElementsOf(RISKS);
    assertThat(rowsBelow("## Rules of sign-in\n")).hasSize(RULES_OF_SIGN_IN);
    assertThat(rows()).extracting(Row::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void row_namesTestsThatExist(Row row) {
    List<String> proofs =
        PROOF.matcher(row.proof()).results().map(found -> found.group(1)).toList();
    assertThat(proofs).isNotEmpty().doesNotHaveDuplicates().allMatch(TestNames::runs);
    assertThat("`" + String.join("`, `", proofs) + "`")
        .as("nothing but tests")
        .isEqualTo(row.proof());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void row_namesSourcesThatExist(Row row) {
    List<String> sources =
        SOURCE.matcher(row.control()).results().map(found -> found.group(1)).toList();
    assertThat(sources).isNotEmpty();
    assertThat(SOURCES).containsAll(sources);
  }

  /** A name that is wrong in one letter is found, so that the rows above prove something. */
  @Test
  void wrongNames_areNotTests() {
    assertThat(TestNames.runs("SecurityTableTest.everyRisk_hasItsRow")).isTrue();
    assertThat(TestNames.runs("SecurityTableTest.everyRisk_hasItsRows")).isFalse();
    assertThat(TestNames.runs("SecurityTableTests.everyRisk_hasItsRow")).isFalse();
    assertThat(TestNames.runs("SecurityTableTest.rows")).as("not a test").isFalse();
    assertThat(TestNames.runs("xss.test.js#corpusAsAnswer")).isFalse();
    assertThat(TestNames.runs("no.test.js#corpusAsAnswer")).isFalse();
  }

  @Test
  void page_saysHowToReport() {
    assertThat(Readme.read(FILE)).contains("(../../SECURITY.md)");
    assertThat(Readme.read(Path.of("SECURITY.md")))
        .contains("private security advisories", "(docs/operations/security.md)");
  }
}
