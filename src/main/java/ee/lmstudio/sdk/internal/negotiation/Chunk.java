package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * Holds one chunk of a stream, or a whole answer that is read like a chunk. Missing values are
 * null.
 *
 * @param json the whole text that LM Studio sent, including unknown fields
 * @param model id of the model that answers; null if the chunk does not name it, or if the reader
 *     was told to skip it
 * @param delta the delta of the answer
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

  /** Returns the whole chunk as an object. */
  JsonObject object() {
    return JsonText.readObject(json).orElse(JsonValue.EMPTY_JSON_OBJECT);
  }

  /** Returns the error that the chunk or its choice states; null if neither states one. */
  JsonValue error() {
    return rare == null || rare.error == null || ErrorFrames.isEmpty(rare.error)
        ? null
        : rare.error;
  }

  /** Returns whether the chunk states an error, or ends the answer because of one. */
  boolean failed() {
    return error() != null || "error".equalsIgnoreCase(finishReason);
  }

  /** Returns whether the chunk has a delta of the answer, or ends it. */
  boolean says() {
    return finishReason != null || !delta.nothing();
  }
}
