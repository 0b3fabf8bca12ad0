package ee.lmstudio.run;

import ee.lmstudio.stream.StreamEvent;

/**
 * CDI event: one entry of a stream's log. It is fired once for every entry, in order within a
 * stream, by a reader of its own. An observer that is slow or throws delays neither LM Studio nor
 * the listeners.
 *
 * @param streamId the id of the stream
 * @param modelId the model that was asked for, then the one that answers; null if none was named
 * @param promptHash equal for equal requests; never the prompt
 * @param cursor 1 for the first entry, one more for each
 * @param event what the entry says
 */
public record InferenceStreamed(
    String streamId, String modelId, String promptHash, long cursor, StreamEvent event) {}
