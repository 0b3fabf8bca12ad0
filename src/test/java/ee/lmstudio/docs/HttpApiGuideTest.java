package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

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
        .allSatisfy(link -> DocumentsTest.assertTarget(GuideBlock.GUIDE, link.group(1)));
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
