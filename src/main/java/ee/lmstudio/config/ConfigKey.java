package ee.lmstudio.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One key of the configuration.
 *
 * @param name the property
 * @param defaultText its default as one would write it; null: none
 * @param type what values it takes
 * @param secret whether its value must never be shown
 * @param meaning one or two sentences for the reference
 */
record ConfigKey<T>(
    String name, String defaultText, ValueType<T> type, boolean secret, String meaning) {

  /** The environment variable that sets it, by the rule of MicroProfile Config. */
  String environmentVariable() {
    return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  Optional<T> defaultValue() {
    return Optional.ofNullable(defaultText).map(type.parser());
  }

  /** {@code value} as it may be shown: a secret is masked, and so is a password in an address. */
  String shown(String value) {
    return secret
        ? "***"
        : value.replaceAll("//.*@", "//***@").replaceAll("(?<=://[^?#]{0,500})[?#].*", "?***");
  }
}
