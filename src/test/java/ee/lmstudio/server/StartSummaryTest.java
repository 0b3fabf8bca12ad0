package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartSummaryTest {
  private static final String OWN = "http://127.0.0.1:8080";
  private static final String SECRET = "c4nary-c4nary-c4nary-c4nary";

  @TempDir Path directory;

  private static String summary(Map<String, String> environment) {
    return StartSummary.text(
        Settings.ofEnvironment(environment, Map.of()), OWN, Optional.of("0.4.1"), true);
  }

  @Test
  void everySecret_isMaskedAndItsFileNamed() throws Exception {
    Path key = Files.writeString(directory.resolve("api-key"), SECRET);
    assertThat(
            summary(
                Map.of(
                    "LM_STUDIO_API_KEY_FILE",
                    key.toString(),
                    "LM_STUDIO_ACCESS_TOKENS",
                    "ann:" + SECRET + ",bob:" + SECRET + "2:admin",
                    "LM_STUDIO_EXTRA_HEADERS",
                    "{\"X-Secret\":\"" + SECRET + "\"}",
                    "LM_STUDIO_MAX_STREAMS",
                    "7")))
        .doesNotContain("c4nary")
        .contains(
            "\n  May sign in  ann, bob (admin)\n",
            "lm-studio.api-key = *** (from the file " + key + ")\n",
            "lm-studio.access-tokens = ***\n",
            "lm-studio.extra-headers = ***",
            "lm-studio.max-streams = 7");
  }

  @Test
  void defaults_areNotRepeated() {
    assertThat(summary(Map.of("LM_STUDIO_MAX_STREAMS", "2000", "LM_STUDIO_TIMEOUT", "60000ms")))
        .contains(
            "\n  Address      http://127.0.0.1:8080 (listens on 127.0.0.1)\n",
            "\n  LM Studio    http://127.0.0.1:1234, version 0.4.1\n",
            "\n  Simulator    off\n",
            "\n  app.env      production\n",
            "\n  May sign in  nobody\n",
            "\n  Telemetry    /metrics, actions.log in the storage, OpenTelemetry\n")
        .endsWith("\n  Not default  nothing");
  }

  @Test
  void simulator_isNamedInPlaceOfAnAddress() {
    assertThat(summary(Map.of("APP_ENV", "local", "LM_STUDIO_SIMULATOR", "true")))
        .contains(
            "\n  LM Studio    the built-in simulator\n",
            "\n  Simulator    on\n",
            "\n  May sign in  local, by the printed link\n");
  }
}
