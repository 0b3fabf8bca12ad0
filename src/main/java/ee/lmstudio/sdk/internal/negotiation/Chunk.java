package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.model.Delta;

/**
 * One chunk of a stream, or a whole answer that is read like one. What it does not say is null.
 *
 * @param json the text that LM Studio sent, whole, with the fields that the SDK does not know
 * @param model who answers; null if the chunk does not say it, or if it was not asked for
 * @param delta the piece of the answer
 * @param finishReason why the answer ended; null while it goes on
 * @param rare fields that few chunks have; null if this one has none
 * @param hasChoices whether {@code choices} has an entry
 * @param isWhole whether the choice has a {@code message}, which only a whole answer has
 */
record Chunk(
    String json,
    String model,
    Delta delta,
    String finishReason,
    RareFields rare,
    boolean hasChoices,
    boolean isWhole) {

  /** Whether the chunk has a piece of the answer, or ends it. */
  boolean says() {
    return finishReason != null || !delta.nothing();
  }
}
