package ee.lmstudio.sdk.internal.http;

import java.util.Properties;
import org.slf4j.LoggerFactory;

/**
 * Starts SLF4J, which Apache's connector logs through, without a warning on the console. SLF4J
 * prints this warning in a program that has no SLF4J provider (docs/decisions/0113).
 */
final class QuietLogging {
  private static final String VERBOSITY = "slf4j.internal.verbosity";
  private static final String PROVIDERS = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

  static {
    if (LoggerFactory.class.getClassLoader().getResource(PROVIDERS) == null) {
      Properties system = System.getProperties();
      // SLF4J reads the property once. Both changes are atomic and keep the program's own value.
      boolean set = system.putIfAbsent(VERBOSITY, "ERROR") == null;
      LoggerFactory.getILoggerFactory();
      if (set) {
        system.remove(VERBOSITY, "ERROR");
      }
    }
  }

  private QuietLogging() {}

  /** Starts SLF4J, unless it has been started before. */
  static void begin() {
    // The static initialiser does it, once.
  }
}
