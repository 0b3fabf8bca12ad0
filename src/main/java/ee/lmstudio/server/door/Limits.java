package ee.lmstudio.server.door;

import java.time.Duration;

/**
 * The limits of {@link Connections} and {@link Turns}.
 *
 * @param connections the maximum number of open connections; default 16,384
 * @param forEachAddress the maximum number of open connections of one address; 0: no limit; default
 *     1,024
 * @param toAsk how long a client may take to send the head of its next request, from the opening of
 *     the connection or the end of the previous answer
 * @param toRead how long a client may take to read the last bytes of an answer, after the
 *     application has finished it
 * @param held the maximum memory, in bytes, of what clients have sent too early and have not read
 *     ({@link HeldBytes}); default 1/64 of the heap
 * @param waiting the maximum memory, in bytes, of requests that wait for a thread ({@link Turns});
 *     default 3/64 of the heap
 */
record Limits(
    int connections, int forEachAddress, Duration toAsk, Duration toRead, long held, long waiting) {
  /** A system property. The launcher also sets it from the environment variable of the setting. */
  static final String CONNECTIONS = "lm-studio.max-connections";

  static final String FOR_EACH_ADDRESS = "lm-studio.max-connections-per-address";

  /**
   * The default of {@link #held} is the heap divided by this number; that of {@link #waiting} is
   * three times as much.
   */
  private static final int OF_HEAP = 64;

  private static final Duration TO_ASK = Duration.ofSeconds(30);
  private static final Duration TO_READ = Duration.ofMinutes(5);

  static Limits configured() {
    long part = Runtime.getRuntime().maxMemory() / OF_HEAP;
    return new Limits(
        Integer.getInteger(CONNECTIONS, 16_384),
        Integer.getInteger(FOR_EACH_ADDRESS, 1_024),
        TO_ASK,
        TO_READ,
        part,
        3 * part);
  }
}
