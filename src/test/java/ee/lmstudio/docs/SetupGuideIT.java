package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.Bundle;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of docs/operations/setup.md run in their order with the simulator in place of LM
 * Studio. The server of the second part has the settings of the systemd unit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SetupGuideIT {
  private static final Path GUIDE = Path.of("docs/operations/setup.md");
  private static final int LIMIT_SECONDS = 200;
  private static final String LAN = "https://ai.example.org";

  private final Path folder = Path.of("target", "setup-guide").toAbsolutePath();
  private final Path secrets = folder.resolve("etc");

  private SocketSimulator simulator;
  private List<GuideBlock> blocks;

  /** The first block that needs the service. */
  private int service;

  @BeforeAll
  void runGuide() throws Exception {
    Files.createDirectories(folder.resolve("etc"));
    simulator = SocketSimulator.start(SimulatorSettings.defaults());
    blocks = GuideBlock.all(GUIDE).stream().map(this::withSimulator).toList();
    service =
        marked("root")
            .filter(block -> block.code().contains("systemctl"))
            .map(GuideBlock::line)
            .findFirst()
            .orElseThrow();
    try (Bundle server = Bundle.start(Bundle.JAR, local())) {
      assertThat(server.awaitReady()).as(String.join("\n", server.output())).isTrue();
      String printed =
          server.output().stream()
              .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
              .collect(Collectors.joining("\n"))
              .replace("" + server.port(), "8080");
      GuideBlock start = marked("server").findFirst().orElseThrow();
      Files.writeString(folder.resolve(start.line() + ".out"), printed);
      String link =
          printed.lines().filter(line -> line.contains("?token=")).findFirst().orElseThrow();
      run(server, before(), Map.of("TOKEN", link.replaceFirst(".*token=", "")));
    }
    try (Bundle server = Bundle.startQuickly(unit())) {
      assertThat(server.awaitReady()).as(String.join("\n", server.output())).isTrue();
      run(server, after(), Map.of("TOKEN", annsToken()));
    }
  }

  @AfterAll
  void stopSimulator() {
    if (simulator != null) {
      simulator.close();
    }
  }

  private GuideBlock withSimulator(GuideBlock block) {
    String port = "" + simulator.url().getPort();
    return block
        .with("192.168.1.20:1234", "127.0.0.1:" + port)
        .with("127.0.0.1:1234", "127.0.0.1:" + port)
        .with("Port 1234", "Port " + port);
  }

  private Stream<GuideBlock> marked(String mark) {
    return blocks.stream().filter(block -> block.mark().equals(mark));
  }

  private List<GuideBlock> before() {
    return blocks.stream().filter(block -> block.runs() && block.line() < service).toList();
  }

  private List<GuideBlock> after() {
    return blocks.stream()
        .filter(block -> block.runs() || block.mark().equals("lan"))
        .filter(block -> block.line() > service)
        .toList();
  }

  private Map<String, String> local() {
    return Map.of(
        "JAVA_TOOL_OPTIONS",
        "-Xmx512m",
        "APP_ENV",
        "local",
        "LM_STUDIO_BASE_URL",
        simulator.url().toString());
  }

  /** Returns the variables that the unit sets, with the files that the guide has written. */
  private Map<String, String> unit() throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("JAVA_TOOL_OPTIONS", "-Xmx512m");
    SystemdUnitTest.values("Environment")
        .map(value -> value.replace("%d", secrets.toString()))
        .map(value -> value.replace("%S", folder.resolve("state").toString()))
        .map(value -> value.split("=", 2))
        .forEach(pair -> variables.put(pair[0], pair[1]));
    Properties settings = new Properties();
    try (var reader = Files.newBufferedReader(secrets.resolve("lmstudio-ee.env"))) {
      settings.load(reader);
    }
    settings.forEach((name, value) -> variables.put((String) name, (String) value));
    return variables;
  }

  private String annsToken() throws IOException {
    return Files.readString(secrets.resolve("ann.json"))
        .replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
  }

  private static String address(Bundle server) {
    return server.url("").toString().replaceFirst("/$", "");
  }

  /** Runs the blocks in one shell. */
  private void run(Bundle server, List<GuideBlock> parts, Map<String, String> variables)
      throws Exception {
    StringBuilder script = new StringBuilder();
    for (GuideBlock part : parts) {
      GuideBlock block = part.at(address(server));
      String code = block.code().replace(LAN, "-H 'Host: ai.example.org' " + address(server));
      Path file = Files.writeString(folder.resolve(block.line() + ".sh"), code);
      script
          .append("source ")
          .append(file)
          .append(
              " > %1$s/%2$d.out 2> %1$s/%2$d.err < /dev/null; echo $? > %1$s/%2$d.exit\n"
                  .formatted(folder, block.line()));
    }
    Path all = Files.writeString(folder.resolve("all-" + parts.getFirst().line()), script);
    ProcessBuilder builder = new ProcessBuilder("bash", all.toString());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("LM_STUDIO_"));
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("LM_STUDIO_PORT", "" + simulator.url().getPort());
    environment.put("ETC", secrets.toString());
    environment.putAll(variables);
    Process shell = builder.start();
    boolean ended = shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
    assertThat(ended).as("The guide runs within %d s, see %s", LIMIT_SECONDS, folder).isTrue();
  }

  Stream<GuideBlock> blocks() {
    return Stream.of(marked("server"), before().stream(), after().stream()).flatMap(part -> part);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void block_printsWhatTheGuideSays(GuideBlock block) throws IOException {
    String printed = read(block, "out");
    if (!block.mark().equals("server")) {
      assertThat(read(block, "exit").strip()).as(printed + read(block, "err")).isEqualTo("0");
    }
    assertThat(block.missingIn(printed)).as(printed).isEmpty();
  }

  private String read(GuideBlock block, String kind) throws IOException {
    return Files.readString(folder.resolve(block.line() + "." + kind));
  }
}
