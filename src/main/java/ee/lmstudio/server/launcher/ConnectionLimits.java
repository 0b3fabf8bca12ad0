package ee.lmstudio.server.launcher;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of the door that limit connections. The door reads system properties. Before the
 * server starts, this class sets those that are missing from the environment variables, and checks
 * all of them.
 */
final class ConnectionLimits {
  private record Setting(String property, int least) {
    Optional<String> problem() {
      String variable = System.getenv(variable());
      if (System.getProperty(property) == null && variable != null) {
        System.setProperty(property, variable.strip());
      }
      String value = System.getProperty(property);
      return value == null || isAllowed(value)
          ? Optional.empty()
          : Optional.of(
              property + " is '" + value + "'. Allowed: a whole number, " + least + " or more.");
    }

    private String variable() {
      return property.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private boolean isAllowed(String value) {
      try {
        int number = Integer.parseInt(value);
        return number >= least;
      } catch (NumberFormatException notANumber) {
        return false;
      }
    }
  }

  private ConnectionLimits() {}

  /** Returns the first problem of these settings; empty if all are valid. */
  static Optional<String> problem() {
    return Stream.of(
            new Setting("lm-studio.max-connections", 16),
            new Setting("lm-studio.max-connections-per-address", 0))
        .map(Setting::problem)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
