package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;

/**
 * Receives the events of one generation while it runs.
 *
 * <p>The SDK calls these methods one after another, on the thread that reads from LM Studio, so
 * that a slow observer delays the stream. {@link #onHandle} is always the first call; exactly one
 * of {@link #onCompleted}, {@link #onFailed} and {@link #onCancelled} is the last. An exception
 * from an observer ends the generation, and the call throws it.
 */
public interface StreamObserver {
  /**
   * Receives the handle, before anything is sent. Keep it to cancel the generation.
   *
   * @param handle cancels the generation
   */
  default void onHandle(StreamHandle handle) {}

  /**
   * Handles LM Studio's acceptance of the request: a success status and its headers have arrived.
   * Called at most once per generation.
   */
  default void onAccepted() {}

  /**
   * Receives the id of the model that answers, as named in the first chunk. Called again if another
   * model answers a later attempt.
   *
   * @param model id of the model
   */
  default void onModel(String model) {}

  /**
   * Receives the next chunk of the stream as LM Studio sent it, including fields that the SDK does
   * not know. The {@link #onDelta} that was read from a chunk follows directly. A chunk without
   * text, reasoning or tool call, such as the chunk with {@code usage}, is passed with the next
   * delta or just before {@link #onCompleted}, or not at all if neither follows. If {@link
   * #onReset} is due, it comes before the chunk. Heartbeats, error frames and {@code [DONE]} are
   * not chunks. An answer that is not streamed has no chunks.
   *
   * @param json one JSON object; it may contain line ends
   */
  default void onChunk(String json) {}

  /**
   * Receives the next delta of the answer.
   *
   * @param delta text, reasoning or fragments of tool calls
   */
  default void onDelta(Delta delta) {}

  /**
   * Discards everything received so far, because a new attempt has started to deliver.
   *
   * @param reason why the previous attempt failed
   */
  default void onReset(String reason) {}

  /**
   * Announces that the answer will arrive whole instead of as a stream. Called at most once.
   *
   * @param downgrade the reason, and the number of attempts before it
   */
  default void onDowngraded(Downgrade downgrade) {}

  /**
   * Receives the whole answer. No call follows.
   *
   * @param answer the answer that the call returns
   */
  default void onCompleted(Completion answer) {}

  /**
   * Handles a failure of the generation. The deltas received so far stay valid. No call follows.
   *
   * @param error the exception that the call throws
   */
  default void onFailed(LmStudioException error) {}

  /** Handles the cancellation of the generation. No call follows. */
  default void onCancelled() {}
}
