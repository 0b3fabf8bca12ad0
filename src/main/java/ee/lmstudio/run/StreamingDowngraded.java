package ee.lmstudio.run;

/**
 * CDI event: an answer arrived as a whole instead of as a stream. It is fired at most once for a
 * stream.
 *
 * @param streamId the id of the stream
 * @param modelId the requested model or the one that answers; null if none is known
 * @param promptHash the hash of the request, equal for equal requests; never the prompt
 * @param reason {@code break}, {@code not_streamed} or {@code disabled}
 * @param attempts how many streams were tried
 */
public record StreamingDowngraded(
    String streamId, String modelId, String promptHash, String reason, int attempts) {}
