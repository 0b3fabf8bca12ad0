package ee.lmstudio.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong. The message lists every fault at once; no secret is in it. */
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
      return property + " is '" + value + "', allowed is: " + allowed;
    }
  }

  private final List<Fault> faults;

  InvalidSettingsException(List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> "\n  " + fault)
            .collect(Collectors.joining("", "LM Studio for Jakarta EE cannot start:", "")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault that was found; at least one. */
  public List<Fault> faults() {
    return faults;
  }
}
