package ee.lmstudio.config;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.servlet.ServletContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Reads the settings when the application starts. Wrong ones fail the deployment; in a process that
 * is ours alone (our bundle sets {@value #EXIT_PROPERTY}) they end the process with exit code
 * {@value #EXIT_CODE}, since Payara Micro would go on without the application.
 */
@ApplicationScoped
public class StartupCheck {
  /** System property that makes a failure end the process. */
  public static final String EXIT_PROPERTY = "lmstudio.exit-on-failure";

  static final int EXIT_CODE = 1;

  private static final System.Logger LOG = System.getLogger(StartupCheck.class.getName());

  /** Ends the process. */
  @FunctionalInterface
  interface Exit {
    void exit(int code);
  }

  void start(
      @Observes @Priority(Priorities.SETTINGS) @Initialized(ApplicationScoped.class)
          ServletContext context,
      Instance<Settings> settings) {
    // halt, not exit: the shutdown hooks of the server wait for the start that we are part of.
    check(settings::get, exitsOnFailure(), Runtime.getRuntime()::halt);
  }

  static void check(Supplier<Settings> settings, boolean exits, Exit exit) {
    try {
      for (String warning : settings.get().warnings()) {
        LOG.log(System.Logger.Level.WARNING, warning);
      }
    } catch (InvalidSettingsException e) {
      if (exits) {
        printPastTheServersLog(e.getMessage());
        exit.exit(EXIT_CODE);
      }
      throw e;
    }
  }

  private static boolean exitsOnFailure() {
    return Boolean.getBoolean(EXIT_PROPERTY);
  }

  /** The server's log is written by another thread, which halting would cut off. */
  private static void printPastTheServersLog(String message) {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    err.println(message);
  }
}
