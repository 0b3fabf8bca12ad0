package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit is valid, sets existing settings, and lets the server stop by itself. */
class SystemdUnitTest {
  static final Path UNIT = Path.of("deploy/systemd/lmstudio-ee.service");

  private static final Path REFERENCE = Path.of("docs/reference/configuration.md");
  private static final Pattern VARIABLE = Pattern.compile("(?m)^\\| `[^`]+` \\| `([A-Z_]+)` \\|");

  /** The secrets that can be read from a file. */
  private static final Set<String> FILES =
      Set.of(
          "LM_STUDIO_API_KEY_FILE", "LM_STUDIO_ACCESS_TOKENS_FILE", "LM_STUDIO_EXTRA_HEADERS_FILE");

  /** ServerStop halts the process after this time. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(90);

  @Test
  void unit_isValidForSystemd(@TempDir Path folder) throws Exception {
    assumeSystemd();
    Path unit = folder.resolve(UNIT.getFileName());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        unit, Readme.read(UNIT).replace("ExecStart=/usr/bin/java", "ExecStart=" + java));
    Result verified = run("systemd-analyze", "verify", "--man=no", unit.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).isEmpty();
  }

  /** The threshold is in tenths: 10 is 1.0 of 10, and a unit without settings has 9.2. */
  @Test
  void exposure_isLow() throws Exception {
    assumeSystemd();
    Result judged =
        run(
            "systemd-analyze",
            "security",
            "--no-pager",
            "--offline=true",
            "--threshold=20",
            UNIT.toString());
    assertThat(judged.exitCode()).as(judged.output()).isZero();
  }

  @Test
  void environmentVariables_areSettings() {
    Set<String> known = settings();
    assertThat(variables()).hasSizeGreaterThan(2).allMatch(known::contains);
  }

  @Test
  void secrets_comeFromCredentials() {
    Set<String> credentials =
        values("LoadCredential").map(value -> value.split(":")[0]).collect(Collectors.toSet());
    List<String> secrets = values("Environment").filter(value -> value.contains("_FILE=")).toList();
    assertThat(secrets)
        .hasSize(credentials.size())
        .allMatch(value -> credentials.contains(value.replaceFirst(".*_FILE=%d/", "")));
  }

  @Test
  void stopLimit_isLongerThanTheLongestStop() {
    assertThat(values("TimeoutStopSec").map(Integer::parseInt))
        .allMatch(seconds -> seconds > LONGEST_STOP.toSeconds())
        .hasSize(1);
    assertThat(values("SuccessExitStatus")).containsExactly("143");
    assertThat(values("Restart")).containsExactly("on-failure");
  }

  @Test
  void openFiles_areMoreThanConnections() {
    String limit =
        Pattern.compile("\\| `LM_STUDIO_MAX_CONNECTIONS` \\| `(\\d+)` \\|")
            .matcher(Readme.read(REFERENCE))
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertThat(values("LimitNOFILE").map(Integer::parseInt))
        .allMatch(files -> files > Integer.parseInt(limit))
        .hasSize(1);
  }

  /** Returns the values of a setting of the unit, in order. */
  static Stream<String> values(String name) {
    return Readme.read(UNIT)
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1));
  }

  /** Returns the environment variables of all settings. */
  static Set<String> settings() {
    Set<String> names = new TreeSet<>(FILES);
    VARIABLE.matcher(Readme.read(REFERENCE)).results().forEach(row -> names.add(row.group(1)));
    return names;
  }

  private static List<String> variables() {
    return values("Environment").map(value -> value.split("=")[0]).toList();
  }

  private static void assumeSystemd() {
    boolean exists =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze")));
    assumeTrue(exists, "systemd-analyze does not exist on this machine");
  }

  private record Result(int exitCode, String output) {}

  private static Result run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), output);
  }
}
