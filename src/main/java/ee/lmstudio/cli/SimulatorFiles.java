package ee.lmstudio.cli;

import ee.lmstudio.cli.CliError.UsageException;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.TokenPermission;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the files of {@code lmstudio simulate}. In both, each line has words, a line that begins
 * with {@code #} is a comment, and errors name the line.
 */
final class SimulatorFiles {
  private static final long MAX_BYTES = 1024 * 1024;
  private static final String ANY_PATH = "*";

  /** Does something with the words of a line. */
  @FunctionalInterface
  private interface Line {
    /**
     * @throws IllegalArgumentException if the line is invalid; the message says what is allowed
     */
    void read(List<String> words) throws IOException;
  }

  private SimulatorFiles() {}

  /**
   * Returns {@code settings} with the API tokens of a file: a token, then its permissions. A token
   * alone has all permissions; {@code none} stands for no permission.
   */
  static SimulatorSettings withTokens(SimulatorSettings settings, Path file) {
    SimulatorSettings[] result = {settings};
    int count =
        read(
            file,
            words -> result[0] = result[0].withApiToken(words.getFirst(), permissions(words)));
    if (count == 0) {
      throw new UsageException(
          file + " has no API token.", "Write one token on each line, such as sk-lm-….");
    }
    return result[0];
  }

  private static Set<TokenPermission> permissions(List<String> words) {
    Set<TokenPermission> permissions = EnumSet.noneOf(TokenPermission.class);
    for (String word : words.subList(1, words.size())) {
      if (!word.equals("none")) {
        permissions.add(permission(word));
      }
    }
    return words.size() == 1 ? EnumSet.allOf(TokenPermission.class) : permissions;
  }

  private static TokenPermission permission(String word) {
    return Arrays.stream(TokenPermission.values())
        .filter(permission -> permission.text().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + word + "' is not a permission. Allowed: ephemeral_mcp, plugin, none"));
  }

  /**
   * Enqueues the scripts of a file, one for each line: a path or {@code *}, then {@code usual},
   * faults, or {@code replay:FILE} with faults. Files to replay are beside the script.
   */
  static void enqueue(SocketSimulator simulator, Path file) {
    read(
        file,
        words -> {
          if (words.size() != 2) {
            throw new IllegalArgumentException(
                "a line has a path or *, and what happens, such as: /v1/chat/completions cut@100");
          }
          Script script = script(words.getLast(), file);
          if (words.getFirst().equals(ANY_PATH)) {
            simulator.enqueue(script);
          } else if (words.getFirst().startsWith("/")) {
            simulator.enqueue(words.getFirst(), script);
          } else {
            throw new IllegalArgumentException(
                "'" + words.getFirst() + "' is not a path. Allowed: a path from /, or *");
          }
        });
  }

  private static Script script(String steps, Path file) throws IOException {
    Script script = Script.answerAsUsual();
    for (String step : steps.split(",", -1)) {
      if (step.startsWith("replay:")) {
        script = replay(file.resolveSibling(step.substring("replay:".length())));
      } else if (!step.equals("usual")) {
        script = NamedFault.parse(step).in(script);
      }
    }
    return script;
  }

  /** Returns a recording as it was sent: events, JSON, or a whole answer with its head. */
  private static Script replay(Path recording) throws IOException {
    requireSize(recording);
    String name = recording.toString();
    if (name.endsWith(".sse")) {
      return Script.respondWithEvents(Files.readString(recording));
    }
    return name.endsWith(".json")
        ? Script.respondWithJson(200, Files.readString(recording))
        : Script.respondWithRaw(Files.readAllBytes(recording));
  }

  private static void requireSize(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(file + " is larger than " + MAX_BYTES + " bytes");
    }
  }

  /** Returns the number of lines that were read. */
  private static int read(Path file, Line line) {
    int number = 0;
    int count = 0;
    try {
      requireSize(file);
      for (String text : Files.readAllLines(file)) {
        number++;
        if (!text.isBlank() && !text.strip().startsWith("#")) {
          line.read(List.of(text.strip().split("\\s+")));
          count++;
        }
      }
      return count;
    } catch (IOException unreadable) {
      throw new UsageException(
          "Could not read " + (number == 0 ? file : file + ", line " + number) + ": " + unreadable,
          "Check the path and the permissions of the file.");
    } catch (IllegalArgumentException invalid) {
      throw new UsageException(
          file + ", line " + number + ": " + invalid.getMessage(), "Correct the file.");
    }
  }
}
