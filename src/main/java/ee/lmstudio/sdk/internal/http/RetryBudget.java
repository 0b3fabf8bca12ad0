package ee.lmstudio.sdk.internal.http;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the retries of one call, and decides how long to wait before each. A call has one budget
 * for all its requests. Used by one thread; other threads may read {@link #used()}.
 */
public final class RetryBudget {
  private static final Set<Integer> INVITING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(999_999_999);
  private static final Duration VERY_LONG = Duration.ofDays(365);

  private final int most;
  private final AtomicInteger used = new AtomicInteger();

  public RetryBudget(int most) {
    this.most = most;
  }

  /** Returns the number of used retries, including the one before which the call is pausing. */
  int used() {
    return used.get();
  }

  int left() {
    return most - used();
  }

  /** Adds to the number of used retries. */
  void use(int retries) {
    used.addAndGet(retries);
  }

  /** Returns how long to wait before the next attempt; empty if this answer is final. */
  public Optional<Duration> pauseAfter(HttpAnswer answer) {
    if (left() <= 0 || !INVITING.contains(answer.status())) {
      return Optional.empty();
    }
    Duration pause = retryAfter(answer).orElseGet(this::backoff);
    if (pause.compareTo(LONGEST_ASKED) > 0) {
      return Optional.empty();
    }
    use(1);
    return Optional.of(pause);
  }

  /**
   * Returns the backoff: 0.5 s, doubling up to 8 s, of which a random part between 50 and 100
   * percent is used.
   */
  private Duration backoff() {
    long doubled = FIRST.toMillis() << Math.min(used(), 10);
    long millis = Math.min(LONGEST.toMillis(), doubled);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  /**
   * Returns the time that {@code Retry-After} asks for: seconds, with decimals or without, or an
   * HTTP date in the future. Anything else counts as absent.
   */
  static Optional<Duration> retryAfter(HttpAnswer answer) {
    String value = answer.header("Retry-After");
    if (value == null) {
      return Optional.empty();
    }
    String text = value.strip();
    if (text.matches("[0-9]{1,20}(\\.[0-9]{1,20})?")) {
      BigDecimal seconds = new BigDecimal(text);
      return Optional.of(
          seconds.compareTo(MOST_SECONDS) <= 0
              ? Duration.ofMillis(seconds.movePointRight(3).longValue())
              : VERY_LONG);
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(Instant.now(), then)).filter(Duration::isPositive);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
