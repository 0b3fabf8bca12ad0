package ee.lmstudio.server.launcher;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of the door that limit connections. The door reads the system properties; this class
 * sets them from the environment variables and checks them before the server starts.
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

  /** Returns why the limits cannot be used; empty if they can. */
  static Optional<String> problem() {
    return Stream.of(
            new Setting("lm-studio.max-connections", 16),
            new Setting("lm-studio.max-connections-per-address", 0))
        .map(Setting::problem)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
