package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.Objects;

/**
 * How fast the simulated machine is.
 *
 * @param tokensPerSecond tokens it writes in a second; 0 is as fast as they can be sent
 * @param firstToken how long it reads the prompt before the first token; zero is at once
 */
public record Speed(double tokensPerSecond, Duration firstToken) {

  /** 40 tokens a second, the first one after 250 ms. */
  public static final Speed DEFAULT = new Speed(40, Duration.ofMillis(250));

  /** Everything at once. */
  public static final Speed UNLIMITED = new Speed(0, Duration.ZERO);

  public Speed {
    if (!(tokensPerSecond >= 0) || Double.isInfinite(tokensPerSecond)) {
      throw new IllegalArgumentException(
          "tokensPerSecond is " + tokensPerSecond + ", allowed is 0 or more");
    }
    if (Objects.requireNonNull(firstToken, "firstToken").isNegative()) {
      throw new IllegalArgumentException(
          "firstToken is " + firstToken + ", allowed is zero or more");
    }
  }

  /** When the token number {@code index} is ready, counted from 0, after the model is. */
  Duration until(int index) {
    double seconds = tokensPerSecond == 0 ? 0 : index / tokensPerSecond;
    return firstToken.plusNanos((long) (seconds * 1e9));
  }
}
