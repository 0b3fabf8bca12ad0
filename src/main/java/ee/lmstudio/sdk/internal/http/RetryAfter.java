package ee.lmstudio.sdk.internal.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads {@code Retry-After}: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
final class RetryAfter {
  private static final Duration VERY_LONG = Duration.ofDays(365);

  private RetryAfter() {}

  /** How long to wait from now; empty if the answer does not say, or not in a way to be read. */
  static Optional<Duration> of(HttpAnswer answer) {
    String value = answer.header("Retry-After");
    if (value == null) {
      return Optional.empty();
    }
    String text = value.strip();
    if (text.matches("[0-9]+")) {
      return Optional.of(
          text.length() <= 9 ? Duration.ofSeconds(Integer.parseInt(text)) : VERY_LONG);
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), then);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
