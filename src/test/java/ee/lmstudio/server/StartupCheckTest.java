package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.config.InvalidSettingsException;
import ee.lmstudio.config.InvalidSettingsException.Fault;
import ee.lmstudio.config.Settings;
import ee.lmstudio.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCheckTest {
  private static final Supplier<Settings> WRONG =
      () -> {
        throw new InvalidSettingsException(
            List.of(
                new Fault("lm-studio.port", "?", "a whole number from 1 to 65535"),
                new Fault("app.env", "moon", "local, test or production")));
      };

  private final List<String> reasons = new ArrayList<>();

  @Test
  void wrongSettings_failTheDeploymentWithAllReasons() {
    assertThatThrownBy(() -> StartupCheck.check(WRONG, reasons::add))
        .isInstanceOf(InvalidSettingsException.class);
    assertThat(reasons).hasSize(1);
    assertThat(reasons.get(0).lines())
        .hasSize(3)
        .endsWith(
            "  lm-studio.port is '?'. Allowed: a whole number from 1 to 65535.",
            "  app.env is 'moon'. Allowed: local, test or production.");
  }

  @Test
  void warnings_doNotFailTheStart() {
    StartupCheck.check(
        () -> new Settings(null, null, false, List.of(), List.of("a warning")), reasons::add);
    assertThat(reasons).isEmpty();
  }

  @Test
  void storageOfAnotherServer_failsTheStartWithWhatToDo(@TempDir Path directory) {
    Storage storage = new Storage(directory);
    Storage.Lock lock = StartupCheck.lock(storage, reasons::add);
    assertThatThrownBy(() -> StartupCheck.lock(storage, reasons::add))
        .isInstanceOf(IllegalStateException.class);
    assertThat(reasons)
        .containsExactly(
            "Another server uses the storage "
                + directory
                + ". Stop it, or give this server a directory of its own:"
                + " LM_STUDIO_STORAGE_DIR=/another/directory");
    lock.close();
    StartupCheck.lock(storage, reasons::add).close();
  }

  @Test
  void storageThatCannotBeWritten_failsTheStart(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> StartupCheck.lock(new Storage(file.resolve("below")), reasons::add))
        .isInstanceOf(IllegalStateException.class);
    assertThat(reasons).singleElement().asString().startsWith("Could not lock " + file);
  }

  @Test
  void launcherThatStartsNothing_letsTheDeploymentFail() {
    PackagedServer.startFailed("no server is starting in this process");
  }
}
