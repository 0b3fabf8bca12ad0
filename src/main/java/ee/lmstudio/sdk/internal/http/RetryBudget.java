package ee.lmstudio.sdk.internal.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often one call may ask again after answers that invite it, and when. One budget a call,
 * whatever it posts. One thread.
 */
public final class RetryBudget {
  private static final Set<Integer> INVITING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

  private final int most;
  private int used;

  public RetryBudget(int most) {
    this.most = most;
  }

  /** How long to wait before asking again; empty if this answer is the last word. */
  public Optional<Duration> pauseAfter(HttpAnswer answer) {
    if (used >= most || !INVITING.contains(answer.status())) {
      return Optional.empty();
    }
    Duration pause = RetryAfter.of(answer).orElseGet(this::backoff);
    if (pause.compareTo(LONGEST_ASKED) > 0) {
      return Optional.empty();
    }
    used++;
    return Optional.of(pause);
  }

  /** 0.5 s, doubling to 8 s, of which a random part between half and all is waited. */
  private Duration backoff() {
    long doubled = FIRST.toMillis() << Math.min(used, 10);
    long millis = Math.min(LONGEST.toMillis(), doubled);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }
}
