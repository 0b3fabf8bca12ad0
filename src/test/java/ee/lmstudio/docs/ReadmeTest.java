package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's commands are those that CI runs, and its links lead to files. */
class ReadmeTest {
  @Test
  void testCommandOfTheReadme_isWhatCiRuns() {
    List<String> commands = Readme.blocks("sh");
    assertThat(commands).contains("mvn verify", "mvn -q -Pdemo");
    assertThat(Readme.read(Path.of(".ci/run"))).endsWith("\nmvn verify\n");
  }

  @Test
  void linksOfTheReadme_leadToFiles() {
    assertThat(Readme.read(Path.of("README.md")).lines().flatMap(ReadmeTest::links))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(Path.of(link)).exists());
  }

  private static java.util.stream.Stream<String> links(String line) {
    return java.util.regex.Pattern.compile("]\\(([^):]+)\\)")
        .matcher(line)
        .results()
        .map(found -> found.group(1));
  }
}
