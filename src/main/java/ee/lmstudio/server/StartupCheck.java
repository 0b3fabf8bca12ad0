package ee.lmstudio.server;

import ee.lmstudio.config.InvalidSettingsException;
import ee.lmstudio.config.Priorities;
import ee.lmstudio.config.Settings;
import ee.lmstudio.storage.Storage;
import ee.lmstudio.storage.StorageException;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.servlet.ServletContext;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the settings and locks the storage when the application starts. Invalid settings, or a
 * storage that cannot be used, make the deployment fail. In the packaged server they end the
 * process instead, so that the reason is the last thing printed: Payara would print the stack
 * traces of a failed deployment after it.
 */
@ApplicationScoped
public class StartupCheck {
  private static final System.Logger LOG = System.getLogger(StartupCheck.class.getName());

  /** Held until the application ends. */
  private Optional<Storage.Lock> lock = Optional.empty();

  void start(
      @Observes @Priority(Priorities.SETTINGS) @Initialized(ApplicationScoped.class)
          ServletContext context,
      Instance<Settings> settings) {
    check(settings::get, PackagedServer::startFailed);
    Storage storage = new Storage(settings.get().server().storageDir());
    lock = Optional.of(lock(storage, PackagedServer::startFailed));
  }

  @PreDestroy
  void end() {
    lock.ifPresent(Storage.Lock::close);
  }

  /**
   * Locks the storage against other servers.
   *
   * @param startFailed gets the reason; does not return in the packaged server
   */
  static Storage.Lock lock(Storage storage, Consumer<String> startFailed) {
    String reason;
    try {
      Optional<Storage.Lock> lock = storage.lock();
      if (lock.isPresent()) {
        return lock.get();
      }
      reason =
          "Another server uses the storage %s. Stop it, or give this server a directory of its own:"
                  .formatted(storage.directory())
              + " LM_STUDIO_STORAGE_DIR=/another/directory";
    } catch (StorageException failed) {
      reason = failed.getMessage() + " " + failed.hint();
    }
    startFailed.accept(reason);
    throw new IllegalStateException(reason);
  }

  /**
   * @param startFailed gets the reason; does not return in the packaged server
   */
  static void check(Supplier<Settings> settings, Consumer<String> startFailed) {
    try {
      for (String warning : settings.get().warnings()) {
        LOG.log(System.Logger.Level.WARNING, warning);
      }
    } catch (InvalidSettingsException e) {
      startFailed.accept(e.getMessage());
      throw e;
    }
  }
}
