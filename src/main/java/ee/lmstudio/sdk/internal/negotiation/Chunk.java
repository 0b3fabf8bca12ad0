package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * What one chunk of a stream says, or a whole answer that is taken as one. What it does not say is
 * null.
 */
record Chunk(
    String model,
    Delta delta,
    String finishReason,
    JsonObject usage,
    JsonObject stats,
    JsonValue error,
    boolean hasChoices) {}
