package ee.lmstudio.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown if the configuration is invalid. The message lists every invalid value and contains no
 * secret: the value of a secret key is shown as {@code ***}.
 */
public final class InvalidSettingsException extends RuntimeException {

  /**
   * One invalid value.
   *
   * @param property the name of the property
   * @param value the value, masked if it is secret
   * @param allowed what is allowed, or what to do
   */
  public record Fault(String property, String value, String allowed) {
    /** Returns the environment variable that sets the property. */
    public String environmentVariable() {
      return ConfigKey.environmentVariable(property);
    }

    @Override
    public String toString() {
      String end = allowed.endsWith(".") ? "" : ".";
      return property + " is '" + value + "'. Allowed: " + allowed + end;
    }
  }

  private final List<Fault> faults;

  /**
   * Creates the exception. Its message lists all faults, one on each line.
   *
   * @param faults at least one
   */
  public InvalidSettingsException(List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> "\n  " + fault)
            .collect(Collectors.joining("", "These settings are invalid:", "")));
    this.faults = List.copyOf(faults);
  }

  /** Returns every fault that was found, at least one. */
  public List<Fault> faults() {
    return faults;
  }
}
