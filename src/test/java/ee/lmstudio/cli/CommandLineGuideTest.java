package ee.lmstudio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guide to the command line says what the commands write. */
class CommandLineGuideTest {
  private static final Path GUIDE = Path.of("docs/guides/command-line.md");

  @TempDir Path storage;

  private static List<String> documentedFields(String command) throws IOException {
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf("### `" + command + "`");
    assertThat(begin).as(command).isPositive();
    int end = guide.indexOf("\n### ", begin);
    String section = guide.substring(begin, end < 0 ? guide.length() : end);
    return Pattern.compile("(?m)^\\| `([a-z_]+)` \\|")
        .matcher(section)
        .results()
        .map(field -> field.group(1))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ping", "doctor", "models-sync", "chat --model sim-reasoner Hello", "token ann"})
  void fieldsOfTheJson_areThoseOfTheGuide(String line) throws IOException {
    try (SocketSimulator lmStudio =
        SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED))) {
      Map<String, String> environment =
          Map.of(
              "APP_ENV", "local",
              "LM_STUDIO_BASE_URL", lmStudio.url().toString(),
              "LM_STUDIO_STORAGE_DIR", storage.toString());
      String[] words = (line + " --json").split(" ");
      JsonObject json = CommandRun.of(environment, words).json();
      assertThat(json.keySet()).containsExactlyElementsOf(documentedFields(words[0]));
    }
  }

  @Test
  void everyCommand_isInTheTable() throws IOException {
    List<String> rows =
        Files.readAllLines(GUIDE).stream().filter(row -> row.startsWith("| `lmstudio ")).toList();
    CommandRun help = CommandRun.of(Map.of(), "--help");
    List<String> commands =
        Pattern.compile("(?m)^  ([a-z-]+) {2,}[A-Z]")
            .matcher(help.out())
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertThat(commands).hasSizeGreaterThan(5);
    assertThat(rows)
        .extracting(row -> row.split("`")[1].substring("lmstudio ".length()))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void optionsOfTheSimulatorsTable_exist() throws IOException {
    List<String> listed =
        Pattern.compile("(?m)^\\| `(--[a-z-]+)")
            .matcher(Files.readString(GUIDE))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(listed)
        .containsExactly("--api-tokens-file", "--fault", "--script", "--faults-by-header");
    assertThat(CommandRun.of(Map.of(), "simulate", "--help").out()).contains(listed);
  }

  @Test
  void everyCheck_isListed() throws IOException {
    Map<String, String> environment =
        Map.of("APP_ENV", "local", "LM_STUDIO_STORAGE_DIR", storage.toString());
    JsonObject doctor =
        CommandRun.of(environment, "doctor", "--json", "--port", "1", "--timeout", "2s").json();
    String guide = Files.readString(GUIDE);
    String sentence = guide.substring(guide.indexOf("The checks are"));
    List<String> listed =
        Arrays.stream(sentence.substring(0, sentence.indexOf('.')).split("`"))
            .filter(part -> part.matches("[a-z0-9-]+"))
            .toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            doctor.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
                .map(check -> check.getString("check"))
                .distinct()
                .toList());
  }
}
