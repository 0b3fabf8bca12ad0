package ee.lmstudio.run;

import ee.lmstudio.stream.StreamEvent;

/**
 * CDI event: one entry of a stream's log. It is fired once for every entry, in order within a
 * stream, by a reader of its own. An observer that is slow or throws delays neither LM Studio nor
 * the listeners.
 *
 * @param streamId the id of the stream
 * @param modelId the requested model, later the one that answers; null if none is known
 * @param promptHash the hash of the request, equal for equal requests; never the prompt
 * @param cursor 1 for the first entry, one more for each
 * @param event the content of the entry
 */
public record InferenceStreamed(
    String streamId, String modelId, String promptHash, long cursor, StreamEvent event) {}
