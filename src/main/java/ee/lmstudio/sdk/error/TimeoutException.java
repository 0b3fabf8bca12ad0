package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Objects;

/** A time limit ran out. The connection is closed, and the call was not tried again. */
public final class TimeoutException extends RetryableException {

  /** Which limit it was. */
  public enum Limit {
    FIRST_TOKEN("lm-studio.first-token-timeout"),
    IDLE("lm-studio.idle-timeout"),
    GENERATION("lm-studio.generation-timeout"),
    CALL("lm-studio.timeout");

    private final String property;

    Limit(String property) {
      this.property = property;
    }

    /** The setting that holds this limit. */
    public String property() {
      return property;
    }
  }

  private final Limit limit;

  public TimeoutException(Limit limit, Duration after, String hint) {
    super(
        "upstream_timeout",
        "LM Studio was too slow: " + limit.property() + " is " + after.toMillis() + " ms",
        hint,
        null);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /** Which limit ran out. */
  public Limit limit() {
    return limit;
  }
}
