package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.model.Delta;

/**
 * What one chunk of a stream says, or a whole answer that is taken as one. What it does not say is
 * null.
 */
record Chunk(String model, Delta delta, String finishReason, RareFields rare, boolean hasChoices) {}
