package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.storage.Storage;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that cannot serve reports the reason and ends. Payara Micro alone would keep running.
 */
@Timeout(120)
class FailedStartIT {

  @TempDir Path directory;

  @Test
  void warThatDoesNotDeploy_endsTheProcess() throws Exception {
    Path broken = directory.resolve("broken.jar");
    Files.copy(Bundle.JAR, broken);
    try (FileSystem jar = FileSystems.newFileSystem(broken)) {
      Files.copy(
          ShrinkWrap.create(WebArchive.class)
              .addClass(Refuses.class)
              .as(ZipExporter.class)
              .exportAsInputStream(),
          jar.getPath("MICRO-INF/deploy/ROOT.war"),
          StandardCopyOption.REPLACE_EXISTING);
    }

    try (Bundle bundle = Bundle.start(broken, Map.of())) {
      assertThat(bundle.awaitReady()).isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(1);
      assertThat(String.join("\n", bundle.output()))
          .contains("it refuses", "lmstudio-ee did not start");
    }
  }

  @Test
  void wrongSettings_areAllNamedInTheLastLines() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "APP_ENV", "moon",
            "LM_STUDIO_PORT", "99999",
            "LM_STUDIO_API_KEY", "a canary",
            "LM_STUDIO_TIMEOUT", "soon");

    List<String> output = outputOf(Bundle.startQuickly(wrong));

    assertThat(output)
        .endsWith(
            "lmstudio-ee did not start: These settings are invalid:",
            line("app.env", "moon", output),
            line("lm-studio.timeout", "soon", output),
            line("lm-studio.api-key", "***", output),
            line("lm-studio.port", "99999", output));
    assertThat(String.join("\n", output)).doesNotContain("a canary");
  }

  /** The line of the output that names this property, its value, and what is allowed. */
  private static String line(String property, String value, List<String> output) {
    String beginning = "  " + property + " is '" + value + "'. Allowed: ";
    List<String> lines = output.stream().filter(line -> line.contains(property)).toList();
    assertThat(lines).singleElement().asString().startsWith(beginning).endsWith(".");
    return lines.get(0);
  }

  @Test
  void addressOfAnotherMachine_isNamedInTheLastLine() throws Exception {
    assertThat(
            outputOf(Bundle.start(Bundle.JAR, Map.of("LM_STUDIO_LISTEN_ADDRESS", "203.0.113.1"))))
        .endsWith(
            "lmstudio-ee did not start: lm-studio.listen-address is '203.0.113.1'. Allowed: an IPv4"
                + " or IPv6 address of this machine.");
  }

  @Test
  void tlsWithoutAnOwnCertificate_isRefusedInTheLastLine() throws Exception {
    try (Bundle bundle =
        Bundle.startWith(List.of("--sslport", "0"), Map.of("JAVA_TOOL_OPTIONS", "-Xmx512m"))) {
      assertThat(bundle.awaitReady()).isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(1);
      assertThat(bundle.output().getLast())
          .startsWith("lmstudio-ee did not start: --sslport needs a certificate of your own.");
    }
  }

  @Test
  void storageThatCannotBeWritten_isNamedInTheLastLine() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(
            outputOf(Bundle.startQuickly(Map.of("LM_STUDIO_STORAGE_DIR", file + "/below")))
                .getLast())
        .startsWith("lmstudio-ee did not start: Could not lock " + file)
        .endsWith("choose another one with LM_STUDIO_STORAGE_DIR.");
    assertThat(directory).isDirectoryContaining("glob:**/file");
  }

  @Test
  void storageOfAnotherProcess_isNamedInTheLastLine() throws Exception {
    Storage storage = new Storage(directory);
    try (Storage.Lock held = storage.lock().orElseThrow()) {
      assertThat(held).isNotNull();
      assertThat(
              outputOf(Bundle.startQuickly(Map.of("LM_STUDIO_STORAGE_DIR", directory.toString()))))
          .endsWith(
              "lmstudio-ee did not start: Another server uses the storage "
                  + directory
                  + ". Stop it, or give this server a directory of its own:"
                  + " LM_STUDIO_STORAGE_DIR=/another/directory");
    }
  }

  @Test
  void wrongSetting_leavesNoRuntimeDirectory() throws Exception {
    String temporary = "-Djava.io.tmpdir=" + directory;
    outputOf(Bundle.start(Bundle.JAR, Map.of("APP_ENV", "moon", "JAVA_TOOL_OPTIONS", temporary)));
    // Payara's copy of the WAR may stay: docs/decisions/0107.
    assertThat(directory).isDirectoryNotContaining("glob:**/lmstudio-ee-*");
  }

  /** The output of a start that ends by itself with exit code 1 and without a stack trace. */
  private static List<String> outputOf(Bundle started) throws Exception {
    try (Bundle bundle = started) {
      assertThat(bundle.awaitReady()).isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(1);
      assertThat(bundle.output()).noneMatch(line -> line.strip().startsWith("at "));
      return bundle.output();
    }
  }

  /** A listener that makes the deployment fail, in place of any other cause. */
  @WebListener
  public static final class Refuses implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      throw new IllegalStateException("it refuses");
    }
  }
}
