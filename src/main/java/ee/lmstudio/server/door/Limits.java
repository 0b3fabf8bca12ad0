package ee.lmstudio.server.door;

import java.time.Duration;

/**
 * The limits of {@link Connections}.
 *
 * @param connections the maximum number of open connections
 * @param forEachAddress the maximum number of open connections of one address; 0 for no limit
 * @param toAsk how long a client may take to send the head of its next request, from the beginning
 *     of the connection or the end of the last answer
 */
record Limits(int connections, int forEachAddress, Duration toAsk) {
  /** The launcher sets these system properties, from the settings of the operator. */
  static final String CONNECTIONS = "lm-studio.max-connections";

  static final String FOR_EACH_ADDRESS = "lm-studio.max-connections-per-address";

  private static final Duration TO_ASK = Duration.ofSeconds(30);

  static Limits configured() {
    return new Limits(
        Integer.getInteger(CONNECTIONS, 16_384),
        Integer.getInteger(FOR_EACH_ADDRESS, 1_024),
        TO_ASK);
  }
}
