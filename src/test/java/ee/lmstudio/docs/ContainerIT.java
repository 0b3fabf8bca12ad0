package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ee.lmstudio.server.Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The container image builds, starts and becomes healthy, where a container engine runs. {@code
 * -Dcontainer.base=NAME} chooses another base image.
 */
class ContainerIT {
  private static final Path FILE = Path.of("deploy/container/Containerfile");
  private static final String IMAGE = "lmstudio-ee-test";
  private static final String HEALTH = "deploy/container/health";

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void image_buildsAndBecomesHealthy() throws Exception {
    Optional<String> found =
        Stream.of("podman", "docker").filter(name -> succeeds(name, "info")).findFirst();
    assumeTrue(found.isPresent(), "neither podman nor docker runs on this machine");
    String engine = found.orElseThrow();
    String base = System.getProperty("container.base", base());
    assumeTrue(
        succeeds(engine, "image", "inspect", base) || succeeds(engine, "pull", base),
        engine + " has no image " + base + " and cannot pull it");

    String format = engine.equals("podman") ? "--format=docker" : "--progress=plain";
    run(
        engine,
        "build",
        format,
        "-t",
        IMAGE,
        "--build-arg",
        "BASE=" + base,
        "-f",
        FILE.toString(),
        ".");
    String id =
        run(
                engine,
                "run",
                "--detach",
                "--read-only",
                "--tmpfs=/tmp",
                "--cap-drop=ALL",
                "--env=APP_ENV=local",
                "--env=LM_STUDIO_SIMULATOR=true",
                IMAGE)
            .strip();
    try {
      run(
          "bash",
          "-c",
          "until %s exec %s /opt/lmstudio-ee/health 2> /dev/null; do sleep 1; done"
              .formatted(engine, id));
      assertThat(run(engine, "exec", id, "id", "-u").strip()).isEqualTo("10001");
      run(engine, "stop", "--time=100", id);
      assertThat(run(engine, "inspect", "--format={{.State.ExitCode}}", id).strip())
          .isEqualTo("143");
    } finally {
      run(engine, "rm", "--force", "--volumes", id);
    }
  }

  /** The default of {@code ARG BASE} names no registry. */
  @Test
  void base_isAPlainName() {
    assertThat(base()).matches("[a-z-]+:[a-z0-9.-]+");
  }

  @Test
  void environmentVariables_areSettings() {
    List<String> variables =
        Pattern.compile("\\b(LM_STUDIO_[A-Z_]+|APP_ENV)=")
            .matcher(Readme.read(FILE))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(variables).isNotEmpty().allMatch(SystemdUnitTest.settings()::contains);
  }

  /** Every file that the image copies is in the build context. */
  @Test
  void copiedFiles_areNotIgnored() {
    String ignored = Readme.read(FILE.resolveSibling("Containerfile.dockerignore"));
    List<String> copied =
        Pattern.compile("(?m)^COPY \\S+ (\\S+) ")
            .matcher(Readme.read(FILE))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(copied)
        .hasSize(4)
        .allMatch(path -> Files.exists(Path.of(path)))
        .allMatch(path -> ignored.lines().anyMatch(("!" + path)::equals));
  }

  /** The check asks under one of the server's names, since the server answers 421 to others. */
  @Test
  @Timeout(120)
  void healthCheck_usesANameOfTheServer() throws Exception {
    String names = "ai.example.org,other.example.org";
    String port;
    try (Bundle server =
        Bundle.startSmall(
            Map.of("LM_STUDIO_SIMULATOR", "true", "LM_STUDIO_ALLOWED_SERVER_NAMES", names))) {
      port = "" + server.port();
      assertThat(process(Map.of("LM_STUDIO_ALLOWED_SERVER_NAMES", names), HEALTH, port)).isZero();
      assertThat(process(Map.of("LM_STUDIO_ALLOWED_SERVER_NAMES", "else"), HEALTH, port)).isOne();
    }
    assertThat(process(Map.of(), HEALTH, port)).isOne();
  }

  private static String base() {
    return Readme.read(FILE)
        .lines()
        .filter(line -> line.startsWith("ARG BASE="))
        .map(line -> line.substring("ARG BASE=".length()))
        .collect(Collectors.joining());
  }

  private static int process(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start().waitFor();
  }

  private static boolean succeeds(String... command) {
    try {
      return process(Map.of(), command) == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
