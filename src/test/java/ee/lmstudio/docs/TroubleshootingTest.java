package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts that docs/operations/troubleshooting.md explains are in the source code. */
class TroubleshootingTest {
  private static final Path GUIDE = Path.of("docs/operations/troubleshooting.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Texts of Java and of the operating system. */
  private static final List<String> OF_OTHERS =
      List.of(
          "UnsupportedClassVersionError",
          "Connection refused",
          "Connect timed out",
          "(No space left on device)");

  @Test
  void textsThatUsersSee_areInTheSource() throws IOException {
    String source = source();
    List<String> texts = texts();
    assertThat(texts).hasSizeGreaterThan(60);
    assertThat(texts)
        .filteredOn(text -> !OF_OTHERS.contains(text))
        .allSatisfy(text -> assertThat(source.contains(text)).as(text).isTrue());
  }

  /** Returns the texts in code marks of the column "You see". */
  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    int column = 0;
    for (String line : Readme.read(GUIDE).lines().toList()) {
      List<String> cells = List.of(line.split("(?<!`) \\| |\\| | \\|$"));
      if (cells.contains("You see")) {
        column = cells.indexOf("You see");
      } else if (line.startsWith("| ")) {
        CODE.matcher(cells.get(column)).results().map(code -> code.group(1)).forEach(texts::add);
      }
    }
    return texts;
  }

  /** Returns all files with texts. Java literals that are joined with a plus are one text. */
  private static String source() throws IOException {
    try (Stream<Path> java = Files.walk(Path.of("src/main/java"));
        Stream<Path> texts = Files.walk(Path.of("src/main/resources/ee"))) {
      return Stream.concat(
              Stream.concat(java, texts).filter(Files::isRegularFile),
              Stream.of(Path.of("bin/lmstudio")))
          .map(Readme::read)
          .map(text -> text.replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("\\\\\\n\\s*", ""))
          .collect(Collectors.joining("\n"));
    }
  }
}
