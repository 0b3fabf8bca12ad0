package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged server is told to end before it is ready. */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC})
class StopWhileStartingIT {
  private static final String OWN = "lmstudio-ee-";

  @TempDir Path temporary;

  /** Directories that Payara Micro creates one after the other while it starts. */
  @ParameterizedTest
  @ValueSource(strings = {"runtime", "config", "logs", "applications"})
  void toldToEndWhileItStarts_endsAsToldAndLeavesNothing(String made) throws Exception {
    try (Bundle bundle =
        Bundle.start(
            Bundle.JAR,
            Map.of("APP_ENV", "local", "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary))) {
      awaitDirectory(bundle, made);
      bundle.signal("TERM");

      assertThat(bundle.awaitReady()).as("ready").isFalse();
      assertThat(bundle.awaitExit())
          .as(() -> String.join("\n", bundle.output()))
          .isEqualTo(128 + 15);
      assertThat(String.join("\n", bundle.output())).doesNotContain("did not start");
      assertThat(ownDirectories()).as("left behind").isEmpty();
    }
  }

  private void awaitDirectory(Bundle bundle, String made) throws Exception {
    while (ownDirectories().stream().noneMatch(own -> Files.exists(own.resolve(made)))) {
      assertThat(ProcessHandle.of(bundle.pid())).as("the process").isPresent();
      Thread.onSpinWait();
    }
  }

  private List<Path> ownDirectories() throws Exception {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith(OWN)).toList();
    }
  }
}
