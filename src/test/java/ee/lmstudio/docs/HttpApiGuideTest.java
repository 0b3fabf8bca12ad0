package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/guides/http-api.md can be run by HttpApiGuideIT, and its links lead somewhere. */
class HttpApiGuideTest {
  @Test
  void blocks_areRunExceptTheStartAndPython() {
    assertThat(GuideBlock.all())
        .filteredOn(block -> !block.runs())
        .extracting(block -> block.language() + " " + block.mark())
        .containsExactly("sh server", "python skip");
  }

  @Test
  void links_leadToFilesAndSections() {
    String guide = Readme.read(GuideBlock.GUIDE);
    assertThat(Pattern.compile("]\\(([^):]+)\\)").matcher(guide).results())
        .isNotEmpty()
        .allSatisfy(HttpApiGuideTest::assertTarget);
  }

  private static void assertTarget(MatchResult link) {
    String[] parts = link.group(1).split("#", -1);
    Path file = parts[0].isEmpty() ? GuideBlock.GUIDE : GuideBlock.GUIDE.resolveSibling(parts[0]);
    assertThat(file).exists();
    if (parts.length > 1) {
      assertThat(Readme.read(file).lines().filter(line -> line.startsWith("#")))
          .as(link.group())
          .anyMatch(heading -> anchor(heading).equals(parts[1]));
    }
  }

  /** The name that GitHub gives to a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }

  @Test
  void output_isComparedWithoutSpaceAndWithAnyTextBetween() {
    GuideBlock block = new GuideBlock("sh", "", 1, "", "{\"a\": …,\n \"b\": 1}\n… end\n");
    assertThat(block.missingIn("{\"a\":{\"x\":2},\"b\":1}\n the end")).isEmpty();
    assertThat(block.missingIn("{\"a\":2,\"b\":2} end")).isEqualTo(",\"b\":1}");
    assertThat(block.missingIn("{\"a\":2,\"b\":1} end.")).isEqualTo(".");
    assertThat(block.missingIn("x{\"a\":2,\"b\":1} end")).isEqualTo("{\"a\":");
  }
}
