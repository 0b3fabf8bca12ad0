package ee.lmstudio.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The values of the keys. Collects all invalid values instead of stopping at the first one. */
final class ConfigValues {
  /** Maximum number of bytes that are read of a file with a secret. */
  private static final int LONGEST_SECRET = 1 << 20;

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

  /**
   * Returns the value or the default. If the value is invalid, notes that and returns the default.
   */
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

  /** Returns the value or the default of a key that has a default. */
  <T> T get(ConfigKey<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
  }

  /** Notes that {@code value} is invalid. Only the first note for each key is kept. */
  void fault(ConfigKey<?> key, String value, String allowed) {
    if (faults.stream().noneMatch(fault -> fault.property().equals(key.name()))) {
      faults.add(new InvalidSettingsException.Fault(key.name(), key.shown(value), allowed));
    }
  }

  boolean isWrong(ConfigKey<?> key) {
    return faults.stream().anyMatch(fault -> fault.property().equals(key.name()));
  }

  /** Throws an exception if any value was invalid. */
  void throwIfWrong() {
    if (!faults.isEmpty()) {
      throw new InvalidSettingsException(faults);
    }
  }

  /**
   * Returns a line for each key whose value is not the default, in the order of the reference.
   * Secrets are masked. If the value is in a file, the line names the file.
   */
  List<String> changed() {
    return ConfigKeys.all().stream().flatMap(key -> changed(key).stream()).toList();
  }

  private <T> Optional<String> changed(ConfigKey<T> key) {
    if (text(key).isEmpty() || !key.secret() && find(key).equals(key.defaultValue())) {
      return Optional.empty();
    }
    String value = directText(key).map(key::shown).orElse("");
    String shown = value.isEmpty() ? "*** (from the file " + find(key.file()).get() + ")" : value;
    return Optional.of(key.name() + " = " + shown);
  }

  private Optional<String> text(ConfigKey<?> key) {
    Optional<String> text = directText(key);
    return key.secret() ? text.or(() -> textInFile(key.file())) : text;
  }

  private Optional<String> textInFile(ConfigKey<Path> file) {
    return find(file)
        .flatMap(
            path -> {
              try (InputStream content = Files.newInputStream(path)) {
                byte[] bytes = content.readNBytes(LONGEST_SECRET);
                return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip())
                    .filter(text -> !text.isEmpty());
              } catch (IOException | RuntimeException unreadable) {
                fault(file, path.toString(), file.type().allowed() + " (" + unreadable + ")");
                return Optional.empty();
              }
            });
  }

  private Optional<String> directText(ConfigKey<?> key) {
    try {
      return source.apply(key.name()).map(String::strip).filter(text -> !text.isEmpty());
    } catch (RuntimeException e) {
      // MicroProfile Config throws this if the name in ${…} is not defined.
      fault(key, "?", "a value without ${…}, or with a name in ${…} that is defined");
      return Optional.empty();
    }
  }
}
