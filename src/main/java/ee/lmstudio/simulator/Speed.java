package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.Objects;

/**
 * The speed of the simulated machine.
 *
 * @param tokensPerSecond the number of tokens generated in a second; 0: as fast as possible
 * @param firstToken the time for processing the prompt before the first token; zero: none
 */
public record Speed(double tokensPerSecond, Duration firstToken) {

  /** 40 tokens a second, the first one after 250 ms. */
  public static final Speed DEFAULT = new Speed(40, Duration.ofMillis(250));

  /** As fast as possible, without a delay. */
  public static final Speed UNLIMITED = new Speed(0, Duration.ZERO);

  public Speed {
    if (!(tokensPerSecond >= 0) || Double.isInfinite(tokensPerSecond)) {
      throw new IllegalArgumentException(
          "tokensPerSecond is " + tokensPerSecond + ". Allowed: 0 or more");
    }
    if (Objects.requireNonNull(firstToken, "firstToken").isNegative()) {
      throw new IllegalArgumentException("firstToken is " + firstToken + ". Allowed: zero or more");
    }
  }

  /**
   * Returns the time from the moment when the model is loaded to token {@code index}, counted from
   * 0.
   */
  Duration until(int index) {
    double seconds = tokensPerSecond == 0 ? 0 : index / tokensPerSecond;
    return firstToken.plusNanos((long) (seconds * 1e9));
  }
}
