package ee.lmstudio.sdk;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Checks values of {@link LmStudioSettings} and {@link CallOptions}. */
final class SettingRules {
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Headers that delimit a message or belong to the connection. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private SettingRules() {}

  static void requireNotNegative(String name, Duration value) {
    if (Objects.requireNonNull(value, name).isNegative() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be from zero to " + LONGEST.toDays() + " days");
    }
  }

  static void requireRetries(int value) {
    if (value < 0 || value > 10) {
      throw new IllegalArgumentException("maxRetries is " + value + "; it must be from 0 to 10");
    }
  }

  static void requireHeader(String name, String value) {
    if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException(
          "extraHeaders has '" + name + "', which is not the name of an HTTP header");
    }
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "extraHeaders has '" + name + "', which is not allowed: the HTTP client sets it itself");
    }
    requirePrintable("extraHeaders '" + name + "'", value);
  }

  /** Checks a value that may be a secret, so that the message does not repeat it. */
  static void requirePrintable(String name, String value) {
    if (!value.matches("[\\x20-\\x7E]*")) {
      throw new IllegalArgumentException(
          name + " has a character that a header cannot carry; it must be printable ASCII");
    }
  }
}
