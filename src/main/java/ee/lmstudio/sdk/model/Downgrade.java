package ee.lmstudio.sdk.model;

/**
 * Says why an answer was not streamed.
 *
 * @param reason {@code break} if streams broke; {@code not_streamed} if LM Studio sent a whole
 *     answer instead of a stream; {@code disabled} if the settings disable streaming
 * @param attempts number of streams that were tried
 */
public record Downgrade(String reason, int attempts) {
  public static final String BREAK = "break";
  public static final String NOT_STREAMED = "not_streamed";
  public static final String DISABLED = "disabled";
}
