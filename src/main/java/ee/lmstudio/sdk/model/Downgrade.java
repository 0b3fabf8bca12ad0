package ee.lmstudio.sdk.model;

/**
 * Why an answer was not streamed.
 *
 * @param reason {@code break}: streams broke; {@code not_streamed}: LM Studio sent a whole answer
 *     where a stream was due; {@code disabled}: by the settings
 * @param attempts how many streams were tried
 */
public record Downgrade(String reason, int attempts) {
  public static final String BREAK = "break";
  public static final String NOT_STREAMED = "not_streamed";
  public static final String DISABLED = "disabled";
}
