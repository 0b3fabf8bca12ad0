package ee.lmstudio.inference;

/**
 * CDI event: one entry of a stream's log. Fired once for every entry, in order for a stream, by a
 * reader of its own: an observer that is slow or throws delays and harms nobody.
 *
 * @param streamId which stream
 * @param modelId who was asked, then who answers; null if nobody was named yet
 * @param promptHash tells equal requests from different ones; never the prompt
 * @param cursor 1 for the first entry, one more for each
 * @param event what the entry says
 */
public record InferenceStreamed(
    String streamId, String modelId, String promptHash, long cursor, StreamEvent event) {}
