package ee.lmstudio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/lmstudio} as users run it: the real script, in a pipe and in a terminal. */
@Timeout(60)
class CliScriptIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** The scripts store classes below the home of the user. */
  private static final Map<String, String> OWN_CACHE = Map.of("XDG_CACHE_HOME", "");

  /** One for all tests, so that only their first start stores its classes. */
  @TempDir static Path cache;

  @TempDir Path home;
  private SocketSimulator lmStudio;

  @BeforeEach
  void start() {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
  }

  @AfterEach
  void stop() {
    lmStudio.close();
  }

  private Process process(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().put("LM_STUDIO_BASE_URL", lmStudio.url().toString());
    builder.environment().put("APP_ENV", "local");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String outputOf(Process process, int code) throws Exception {
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(code);
    return output;
  }

  private String run(int code, String... args) throws Exception {
    return run(Map.of(), code, args);
  }

  private String run(Map<String, String> environment, int code, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("bin/lmstudio"));
    command.addAll(List.of(args));
    return outputOf(process(environment, command), code);
  }

  @Test
  void pipe_getsPlainTextAndExitCodes() throws Exception {
    assertThat(run(0, "ping")).startsWith("LM Studio 0.4.0+ answers\n").doesNotContain("\u001B");
    assertThat(run(0, "--version")).contains("lmstudio 0.1.0", "Java 2");
    assertThat(run(2, "ping", "--wrong")).startsWith("Error: Unknown option: '--wrong'");
    assertThat(run(1, "ping", "--port", "1")).startsWith("Error: ");
  }

  @Test
  void secondStart_usesTheClassesThatTheFirstHasStored() throws Exception {
    run(OWN_CACHE, 0, "ping");
    try (var stored = Files.list(home.resolve(".cache/lmstudio-ee"))) {
      assertThat(stored.map(file -> file.getFileName().toString()))
          .singleElement()
          .asString()
          .matches("cli-[0-9]+\\.jsa");
    }
    assertThat(run(OWN_CACHE, 0, "ping")).startsWith("LM Studio 0.4.0+ answers\n");
  }

  @Test
  void linkToTheScript_findsItsJars() throws Exception {
    Path link =
        Files.createSymbolicLink(
            home.resolve("lmstudio"), Path.of("bin/lmstudio").toAbsolutePath());
    assertThat(outputOf(process(Map.of(), List.of(link.toString(), "ping")), 0))
        .startsWith("LM Studio");
  }

  @Test
  void missingOrOldJava_isToldWithWhatToType() throws Exception {
    Path java = home.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    for (String script : List.of("bin/lmstudio", "bin/serve")) {
      for (String jdk : List.of("jdk", "absent")) {
        Map<String, String> environment = new HashMap<>(OWN_CACHE);
        environment.put("JAVA_HOME", home.resolve(jdk).toString());
        assertThat(outputOf(process(environment, List.of(script)), 1))
            .contains("no Java 21 or later was found", "JAVA_HOME is '" + home.resolve(jdk))
            .endsWith("export JAVA_HOME=/path/of/the/jdk\n");
      }
    }
    assertThat(home.resolve(".cache")).doesNotExist();
  }

  @Test
  void storedModels_areBelowTheHomeOfTheUser() throws Exception {
    run(0, "models-sync");
    assertThat(home.resolve(".lmstudio-ee/models.json")).exists();
  }

  static boolean hasTerminals() {
    return Files.isExecutable(Path.of("/usr/bin/script"));
  }

  /** Runs a command in a terminal of its own. */
  private Process inTerminal(String command) throws IOException {
    return process(
        Map.of("TERM", "xterm"), List.of("/usr/bin/script", "-qec", command, "/dev/null"));
  }

  @Test
  @EnabledIf("hasTerminals")
  void terminal_getsColoursAndAConversation() throws Exception {
    assertThat(outputOf(inTerminal("bin/lmstudio ping"), 0)).contains("\u001B[");

    Process chat = inTerminal("bin/lmstudio chat --max-tokens 5");
    chat.outputWriter().append("First question\nSecond question\n\n").flush();
    String output = outputOf(chat, 0);
    assertThat(output).contains("Type a question and press Enter");
    List<String> bodies =
        lmStudio.requests().stream()
            .filter(request -> request.path().endsWith("/chat/completions"))
            .map(request -> request.bodyText())
            .toList();
    assertThat(bodies).hasSize(2);
    assertThat(bodies.get(1)).contains("First question", "\"assistant\"", "Second question");
  }

  @Test
  @EnabledIf("hasTerminals")
  void ctrlC_cancelsTheGenerationAtLmStudio() throws Exception {
    String chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Half of it\"}}]}\n\n";
    lmStudio.enqueue("/v1/chat/completions", Script.respondWithEvents(chunk).thenStall());
    Process chat = inTerminal("bin/lmstudio chat Hello");
    StringBuilder read = new StringBuilder();
    try (BufferedReader output = chat.inputReader()) {
      while (read.indexOf("Half of it") < 0) {
        read.append((char) output.read());
      }
      chat.outputWriter().append('\u0003').flush();
      assertThat(lmStudio.awaitStreamClosedByClient(LIMIT)).isTrue();
      output.lines().forEach(read::append);
    }
    assertThat(read).contains("Cancelled.").doesNotContain("Error");
    assertThat(chat.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(chat.exitValue()).isNotZero();
  }

  @Test
  void simulate_runsUntilItIsEnded() throws Exception {
    Process simulator =
        process(Map.of(), List.of("bin/lmstudio", "simulate", "--port", "0", "--json"));
    try (BufferedReader output = simulator.inputReader()) {
      String line = output.readLine();
      assertThat(line).startsWith("{\"ok\":true,\"base_url\":\"http://127.0.0.1:");
      String url = line.replaceAll(".*\"base_url\":\"([^\"]+)\".*", "$1");
      assertThat(run(0, "chat", "--base-url", url, "--max-tokens", "4", "Hello")).isNotBlank();
      assertThat(run(2, "simulate", "--port", url.replaceAll(".*:", "")))
          .contains("cannot listen on 127.0.0.1:")
          .endsWith("lmstudio simulate --port 0\n");
    } finally {
      simulator.destroy();
    }
    assertThat(simulator.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }
}
