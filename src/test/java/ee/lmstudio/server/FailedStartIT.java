package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot serve says so and ends; Payara Micro by itself would go on. */
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
          .contains("app.env is 'moon'", "lmstudio-ee did not start");
    }
  }

  @Test
  void addressOfAnotherMachine_endsTheProcess() throws Exception {
    try (Bundle bundle =
        Bundle.start(Bundle.JAR, Map.of("LM_STUDIO_LISTEN_ADDRESS", "203.0.113.1"))) {
      assertThat(bundle.awaitReady()).isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(1);
      assertThat(String.join("\n", bundle.output())).contains("lmstudio-ee did not start");
    }
  }

  /** Stands for whatever may refuse the start. */
  @WebListener
  public static final class Refuses implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      throw new IllegalStateException("app.env is 'moon'");
    }
  }
}
