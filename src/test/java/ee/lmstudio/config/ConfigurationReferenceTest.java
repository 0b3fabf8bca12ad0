package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of keys and the reference in the documents are the same. */
class ConfigurationReferenceTest {

  @Test
  void reference_isTheTableOfKeys() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs/reference/configuration.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            ConfigKeys.all().stream().map(ConfigurationReferenceTest::row).toList());
  }

  @Test
  void defaults_obeyTheirOwnRules() {
    for (ConfigKey<?> key : ConfigKeys.all()) {
      assertThat(key.defaultValue().isPresent())
          .as(key.name())
          .isEqualTo(key.defaultText() != null);
    }
  }

  @Test
  void durations_sayWhatTheirClockCoversAndWhatZeroMeans() {
    List<ConfigKey<?>> durations =
        ConfigKeys.all().stream().filter(key -> key.type().allowed().contains("duration")).toList();
    assertThat(durations)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            key -> {
              boolean zero = key.type().allowed().contains("from 0s");
              assertThat(key.meaning())
                  .as(key.name())
                  .contains(zero ? "0s: " : "0s is not allowed");
              assertThat(key.meaning()).as(key.name()).matches("(How long|Limit for) .*");
            });
  }

  @Test
  void names_areUnique() {
    Set<String> seen = new HashSet<>();
    assertThat(ConfigKeys.all()).hasSizeGreaterThan(30);
    assertThat(ConfigKeys.all()).allMatch(key -> seen.add(key.environmentVariable()));
  }

  private static String row(ConfigKey<?> key) {
    return "| `%s` | `%s` | %s | %s | %s |"
        .formatted(
            key.name(),
            key.environmentVariable(),
            key.defaultText() == null ? "none" : "`" + key.defaultText() + "`",
            key.type().allowed(),
            key.meaning());
  }
}
