package ee.lmstudio.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One key of the configuration.
 *
 * @param name the name of the property
 * @param defaultText the default, written as a value of the property; null if there is no default
 * @param type the values that are allowed
 * @param secret whether the value must never be shown
 * @param meaning one to three sentences for the configuration reference
 */
record ConfigKey<T>(
    String name, String defaultText, ValueType<T> type, boolean secret, String meaning) {

  /** Returns the environment variable that sets this key, by the rule of MicroProfile Config. */
  String environmentVariable() {
    return environmentVariable(name);
  }

  /** Returns the environment variable of a property. */
  static String environmentVariable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /**
   * Returns the key with the path of a file that has the value of this secret, such as {@code
   * lm-studio.api-key-file}.
   */
  ConfigKey<Path> file() {
    ValueType<Path> type = new ValueType<>("the path of a file that can be read", Path::of);
    return new ConfigKey<>(name + "-file", null, type, false, "");
  }

  Optional<T> defaultValue() {
    return Optional.ofNullable(defaultText).map(type.parser());
  }

  /**
   * Returns {@code value} without secrets: a secret value and a password in an address are masked.
   */
  String shown(String value) {
    return secret
        ? "***"
        : value.replaceAll("//.*@", "//***@").replaceAll("(?<=://[^?#]{0,500})[?#].*", "?***");
  }
}
