package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The index lists every document, and the links of all documents lead somewhere. */
class DocumentsTest {
  private static final Path INDEX = Path.of("docs/README.md");
  private static final Pattern LINK = Pattern.compile("]\\(([^()\\s:]+)\\)");

  /** A name of a class, or of a test of JavaScript, in the table of changes. */
  private static final Pattern FILE_NAME =
      Pattern.compile("`([A-Z][A-Za-z]+|[a-z-]+\\.test\\.js|[a-z]+\\.yaml)`");

  @Test
  void everyDocument_isInTheIndex() throws IOException {
    String index = Readme.read(INDEX);
    assertThat(documents())
        .filteredOn(file -> file.startsWith("docs"))
        .filteredOn(file -> !file.equals(INDEX))
        .filteredOn(file -> !file.getParent().endsWith("decisions"))
        .hasSizeGreaterThan(15)
        .allSatisfy(file -> assertThat(index).contains("](" + INDEX.getParent().relativize(file)));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadToFilesAndSections(Path document) {
    String text = Readme.read(document).replaceAll("(?ms)^ *```.*?^ *```$", "");
    assertThat(LINK.matcher(text).results())
        .allSatisfy(link -> assertTarget(document, link.group(1)));
  }

  @Test
  void filesOfTheTableOfChanges_exist() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      names = files.map(file -> file.getFileName().toString()).toList();
    }
    String contributing = Readme.read(Path.of("CONTRIBUTING.md"));
    String table = contributing.substring(contributing.indexOf("## How each kind"));
    assertThat(FILE_NAME.matcher(table).results().map((MatchResult name) -> name.group(1)))
        .hasSizeGreaterThan(25)
        .allMatch(name -> names.contains(name) || names.contains(name + ".java"));
  }

  static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> top = Files.list(Path.of(""))) {
      return Stream.concat(docs, top)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** Checks that a link in a document leads to a file, and to a section if it names one. */
  static void assertTarget(Path document, String link) {
    String[] parts = link.split("#", -1);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    assertThat(file).exists();
    if (parts.length > 1) {
      assertThat(Readme.read(file).lines().filter(line -> line.startsWith("#")))
          .as("%s in %s", link, document)
          .anyMatch(heading -> anchor(heading).equals(parts[1]));
    }
  }

  /** Returns the name that GitHub gives to a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }
}
