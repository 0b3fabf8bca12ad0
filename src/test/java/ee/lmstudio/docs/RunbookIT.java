package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of docs/operations/runbook.md against a server with the settings of its
 * service. The directories of the service are below a temporary one, and the programs that need a
 * running systemd only write down how they were called.
 */
@Timeout(180)
class RunbookIT {
  private static final Path GUIDE = Path.of("docs/operations/runbook.md");
  private static final int LIMIT_SECONDS = 120;
  private static final String NEW_TOKEN = "sk-lm-new:token";

  @TempDir static Path folder;
  private static SocketSimulator lmStudio;

  @BeforeAll
  static void runAll() throws Exception {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    for (String directory :
        List.of(
            "etc/lmstudio-ee", "etc/systemd/system", "opt/lmstudio-ee", "var/lib", "stand-ins")) {
      Files.createDirectories(folder.resolve(directory));
    }
    Files.createFile(folder.resolve("etc/systemd/system/lmstudio-ee.service"));
    Path etc = folder.resolve("etc/lmstudio-ee");
    Files.writeString(
        etc.resolve("lmstudio-ee.env"), "LM_STUDIO_BASE_URL=" + lmStudio.url() + "\n");
    Files.writeString(etc.resolve("api-key"), "sk-lm-old:token\n");
    Files.writeString(etc.resolve("access-tokens"), "ann:" + PayaraServer.ALICE + "\n");
    for (String program : List.of("systemctl", "journalctl", "userdel", "mvn")) {
      standIn(program);
    }
    try (Bundle server =
        Bundle.start(
            Bundle.JAR,
            Map.of(
                "LM_STUDIO_BASE_URL", lmStudio.url().toString(),
                "LM_STUDIO_API_KEY_FILE", etc.resolve("api-key").toString(),
                "LM_STUDIO_ACCESS_TOKENS_FILE", etc.resolve("access-tokens").toString(),
                "LM_STUDIO_STORAGE_DIR", folder.resolve("var/lib/lmstudio-ee").toString()))) {
      assertThat(server.awaitReady()).as(() -> String.join("\n", server.output())).isTrue();
      generate(server);
      run(server);
    }
  }

  @AfterAll
  static void stopLmStudio() {
    lmStudio.close();
  }

  private static void standIn(String program) throws Exception {
    Path script = folder.resolve("stand-ins/" + program);
    Files.writeString(
        script,
        "#!/bin/sh\necho \"%s $*\" >> %s\n[ \"$1\" != is-active ] || echo active\n"
            .formatted(program, folder.resolve("calls")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  /** Makes one call to LM Studio, so that the metrics and the action log have something to show. */
  private static void generate(Bundle server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.url("v1/chat/completions"))
            .timeout(Api.LIMIT)
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .header("Content-Type", Api.JSON)
            .POST(BodyPublishers.ofString(Api.chat("\"model\":\"sim-chat\"")))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  static List<GuideBlock> blocks() {
    return GuideBlock.all(GUIDE).stream().filter(GuideBlock::runs).toList();
  }

  private static void run(Bundle server) throws Exception {
    Path typed = Files.writeString(folder.resolve("typed"), NEW_TOKEN + "\n");
    StringBuilder script = new StringBuilder();
    for (GuideBlock block : blocks()) {
      String code =
          block
              .at(server.url("").toString().replaceFirst("/$", ""))
              .code()
              .replaceAll("(?<![\\w.])/(?=(etc|opt|var/lib)/)", folder + "/");
      assertThat(code.replaceAll(folder + "/(etc|opt|var/lib)/", ""))
          .as("no directory of this machine")
          .doesNotContainPattern("/(etc|opt|var)/");
      Path file = Files.writeString(folder.resolve(block.line() + ".sh"), code);
      script.append(
          "source %1$s > %2$s/%3$d.out 2> %2$s/%3$d.err < %4$s; echo $? > %2$s/%3$d.exit\n"
              .formatted(file, folder, block.line(), typed));
    }
    ProcessBuilder builder =
        new ProcessBuilder("bash", Files.writeString(folder.resolve("all.sh"), script).toString());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("LM_STUDIO_"));
    environment.put("PATH", folder.resolve("stand-ins") + ":" + environment.get("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("VERSION", "0.2.0");
    environment.put("TOKEN", PayaraServer.ALICE);
    Process shell = builder.start();
    boolean ended = shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
    assertThat(ended).as("The commands end within %d s", LIMIT_SECONDS).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void block_printsWhatTheRunbookSays(GuideBlock block) throws Exception {
    String printed = read(block, "out");
    assertThat(read(block, "exit").strip()).as(printed + read(block, "err")).isEqualTo("0");
    if (!block.output().isEmpty()) {
      assertThat(block.missingIn(printed)).as(printed).isEmpty();
    }
  }

  private static String read(GuideBlock block, String kind) throws Exception {
    return Files.readString(folder.resolve(block.line() + "." + kind));
  }
}
