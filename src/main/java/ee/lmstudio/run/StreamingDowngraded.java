package ee.lmstudio.run;

/**
 * CDI event: an answer came whole where a stream was due. It is fired at most once for a stream.
 *
 * @param streamId the id of the stream
 * @param modelId the model that was asked for or answers; null if none was named yet
 * @param promptHash equal for equal requests; never the prompt
 * @param reason {@code break}, {@code not_streamed} or {@code disabled}
 * @param attempts how many streams were tried
 */
public record StreamingDowngraded(
    String streamId, String modelId, String promptHash, String reason, int attempts) {}
