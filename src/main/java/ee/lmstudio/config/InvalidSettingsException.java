package ee.lmstudio.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration is wrong. The message lists every fault at once and contains no secret: the
 * value of a secret key is shown as {@code ***}.
 */
public final class InvalidSettingsException extends RuntimeException {

  /**
   * One wrong value.
   *
   * @param property the key
   * @param value its value as it may be shown
   * @param allowed what is allowed, or what to do
   */
  public record Fault(String property, String value, String allowed) {
    @Override
    public String toString() {
      String end = allowed.endsWith(".") ? "" : ".";
      return property + " is '" + value + "'. Allowed: " + allowed + end;
    }
  }

  private final List<Fault> faults;

  /**
   * Lists all faults in the message, one a line.
   *
   * @param faults at least one
   */
  public InvalidSettingsException(List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> "\n  " + fault)
            .collect(Collectors.joining("", "These settings are wrong:", "")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault that was found; at least one. */
  public List<Fault> faults() {
    return faults;
  }
}
