package ee.lmstudio.inference;

/**
 * CDI event: an answer came whole where a stream was due. At most once for a stream.
 *
 * @param streamId which stream
 * @param modelId who was asked or answers; null if nobody was named yet
 * @param promptHash tells equal requests from different ones; never the prompt
 * @param reason {@code break}, {@code not_streamed} or {@code disabled}
 * @param attempts how many streams were tried
 */
public record StreamingDowngraded(
    String streamId, String modelId, String promptHash, String reason, int attempts) {}
