package ee.lmstudio.server;

import ee.lmstudio.config.InvalidSettingsException;
import ee.lmstudio.config.Priorities;
import ee.lmstudio.config.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the settings when the application starts. Wrong settings fail the deployment. In the
 * packaged server they end the process instead, and the reason is the last thing printed: a failed
 * deployment would bury it under Payara's stack traces.
 */
@ApplicationScoped
public class StartupCheck {
  private static final System.Logger LOG = System.getLogger(StartupCheck.class.getName());

  void start(
      @Observes @Priority(Priorities.SETTINGS) @Initialized(ApplicationScoped.class)
          ServletContext context,
      Instance<Settings> settings) {
    check(settings::get, PackagedServer::startFailed);
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
