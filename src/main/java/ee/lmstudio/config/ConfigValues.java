package ee.lmstudio.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The values of the keys. Collects what is wrong instead of stopping at the first fault. */
final class ConfigValues {
  private final Function<String, Optional<String>> source;
  private final List<InvalidSettingsException.Fault> faults = new ArrayList<>();

  /**
   * @param source the text of a property, empty if it is not set
   */
  ConfigValues(Function<String, Optional<String>> source) {
    this.source = source;
  }

  boolean isSet(ConfigKey<?> key) {
    return text(key).isPresent();
  }

  /** The value or the default. After a fault, which is noted, the default as well. */
  <T> Optional<T> find(ConfigKey<T> key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return key.defaultValue();
    }
    try {
      return Optional.of(key.type().parser().apply(text.get()));
    } catch (IllegalArgumentException e) {
      boolean explained = e.getClass() == IllegalArgumentException.class && e.getMessage() != null;
      String more = explained && !e.getMessage().isEmpty() ? " (" + e.getMessage() + ")" : "";
      fault(key, text.get(), key.type().allowed() + more);
      return key.defaultValue();
    }
  }

  /** The value or the default of a key that has one. */
  <T> T get(ConfigKey<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
  }

  /** Notes that {@code value} is wrong. Only the first fault of a key counts. */
  void fault(ConfigKey<?> key, String value, String allowed) {
    if (faults.stream().noneMatch(fault -> fault.property().equals(key.name()))) {
      faults.add(new InvalidSettingsException.Fault(key.name(), key.shown(value), allowed));
    }
  }

  boolean isWrong(ConfigKey<?> key) {
    return faults.stream().anyMatch(fault -> fault.property().equals(key.name()));
  }

  /** Throws if there was any fault. */
  void throwIfWrong() {
    if (!faults.isEmpty()) {
      throw new InvalidSettingsException(faults);
    }
  }

  private Optional<String> text(ConfigKey<?> key) {
    try {
      return source.apply(key.name()).map(String::strip).filter(text -> !text.isEmpty());
    } catch (RuntimeException e) {
      // Not a value of ours: an expression ${…} in it that leads nowhere.
      fault(key, "?", "a value without ${…}, or one whose ${…} is defined");
      return Optional.empty();
    }
  }
}
