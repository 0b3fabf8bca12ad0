package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Objects;

/** Thrown if a time limit was exceeded. The connection is closed, and the call was not retried. */
public final class TimeoutException extends RetryableException {

  /** Names the limits of a call. */
  public enum Limit {
    /**
     * Limit of each attempt, from sending the request to the first text, reasoning or tool
     * fragment.
     */
    FIRST_TOKEN("firstTokenLimit", "The first token did not come within"),
    /** Limit between two events of a stream. */
    IDLE("idleLimit", "The next event of the stream did not come within"),
    /** Limit of a whole generation, including all attempts. */
    GENERATION("generationLimit", "The generation did not end within"),
    /** Limit of a whole call that generates nothing. */
    CALL("callLimit", "LM Studio did not answer within");

    private final String property;
    private final String message;

    Limit(String property, String message) {
      this.property = property;
      this.message = message;
    }

    /** {@return the name of this limit in {@link ee.lmstudio.sdk.CallOptions}} */
    public String property() {
      return property;
    }
  }

  /** The limit that was exceeded. */
  private final Limit limit;

  /**
   * Creates an exception of this kind.
   *
   * @param limit the limit that was exceeded
   * @param after the value of the limit
   * @param hint says what to do next
   */
  public TimeoutException(Limit limit, Duration after, String hint) {
    super("upstream_timeout", limit.message + " " + after.toMillis() + " ms", hint, null);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /**
   * Creates an exception with a specific message and hint.
   *
   * @param limit the limit that was exceeded
   * @param message says what did not happen in time
   * @param hint says what to do next
   */
  public TimeoutException(Limit limit, String message, String hint) {
    super("upstream_timeout", message, hint, null);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /** {@return the limit that was exceeded} */
  public Limit limit() {
    return limit;
  }
}
