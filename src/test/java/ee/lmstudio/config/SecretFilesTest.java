package ee.lmstudio.config;

import static ee.lmstudio.config.SettingsReaderTest.OWN;
import static ee.lmstudio.config.SettingsReaderTest.faults;
import static ee.lmstudio.config.SettingsReaderTest.read;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that are read from files, such as {@code LM_STUDIO_API_KEY_FILE}. */
class SecretFilesTest {
  @Test
  void secretInAFile_isReadWithoutTheSpaceAroundIt(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("key"), " sk-lm-1 \n");
    assertThat(read("lm-studio.api-key-file", file.toString()).upstream(() -> OWN).apiKey())
        .hasValue(Secret.of("sk-lm-1"));
    assertThat(
            read("lm-studio.api-key-file", file.toString(), "lm-studio.api-key", "direct")
                .upstream(() -> OWN)
                .apiKey())
        .hasValue(Secret.of("direct"));
    assertThat(read("lm-studio.api-key-file", file.toString()).warnings())
        .noneMatch(text -> text.startsWith("Unknown"));
  }

  @Test
  void emptySecretFile_isAsIfNotSet(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("key"), "\n");
    assertThat(read("lm-studio.api-key-file", file.toString()).upstream(() -> OWN).apiKey())
        .isEmpty();
  }

  @Test
  void secretFileThatCannotBeRead_isNamed(@TempDir Path directory) {
    Path absent = directory.resolve("absent");
    assertThat(faults("lm-studio.access-tokens-file", absent.toString()))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.property()).isEqualTo("lm-studio.access-tokens-file");
              assertThat(fault.value()).isEqualTo(absent.toString());
              assertThat(fault.allowed()).startsWith("the path of a file that can be read (");
            });
  }

  @Test
  void onlySecrets_areReadFromFiles() {
    assertThat(read("lm-studio.default-model-file", "/x").warnings())
        .contains(
            "Unknown setting lm-studio.default-model-file. Did you mean lm-studio.default-model?");
  }
}
