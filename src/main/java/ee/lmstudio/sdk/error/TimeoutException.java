package ee.lmstudio.sdk.error;

import java.time.Duration;
import java.util.Objects;

/** A time limit ran out. The connection is closed, and the call was not tried again. */
public final class TimeoutException extends RetryableException {

  /** Which limit it was. */
  public enum Limit {
    /** Of each attempt, from the post to the first text, reasoning or tool fragment. */
    FIRST_TOKEN("firstTokenLimit", "The first token did not come within"),
    /** Between two events of a stream. */
    IDLE("idleLimit", "The next event of the stream did not come within"),
    /** A generation, whole, with all attempts. */
    GENERATION("generationLimit", "The generation did not end within"),
    /** A call that generates nothing, whole. */
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

  /** Which limit ran out. */
  private final Limit limit;

  /**
   * An error of this kind.
   *
   * @param limit which limit ran out
   * @param after how long it was
   * @param hint what to do next
   */
  public TimeoutException(Limit limit, Duration after, String hint) {
    super("upstream_timeout", limit.message + " " + after.toMillis() + " ms", hint, null);
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /** {@return which limit ran out} */
  public Limit limit() {
    return limit;
  }
}
