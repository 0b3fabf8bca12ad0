package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;

/**
 * Watches one generation while it runs.
 *
 * <p>All calls come one after another, on the thread that reads from LM Studio: what takes long
 * here delays the stream. {@link #onHandle} is always first; exactly one of {@link #onCompleted},
 * {@link #onFailed} and {@link #onCancelled} is last. An exception from an observer ends the
 * generation and is thrown by the call.
 */
public interface StreamObserver {
  /**
   * The first call, before anything is sent. Keep the handle to cancel.
   *
   * @param handle cancels the generation
   */
  default void onHandle(StreamHandle handle) {}

  /** LM Studio accepted the request: its successful headers are here. Once a generation. */
  default void onAccepted() {}

  /**
   * Who answers, when the first chunk says so, and again if a later attempt is another model's.
   *
   * @param model its id
   */
  default void onModel(String model) {}

  /**
   * The next chunk of the stream, whole, as LM Studio sent it, with the fields that the SDK does
   * not know. It comes right before the {@link #onDelta} that was read from it; a chunk without a
   * piece of the answer, such as the one with {@code usage}, has no {@link #onDelta}. Where {@link
   * #onReset} is due it comes first. Heartbeats, error frames and {@code [DONE]} are not chunks,
   * and an answer that comes whole has none. Like every other call, it never comes after the last
   * call.
   *
   * @param json one JSON object
   */
  default void onChunk(String json) {}

  /**
   * The next piece of the answer.
   *
   * @param delta text, reasoning or fragments of tool calls
   */
  default void onDelta(Delta delta) {}

  /**
   * Everything so far is void: a new attempt has just delivered something else.
   *
   * @param reason why the attempt before failed
   */
  default void onReset(String reason) {}

  /**
   * The answer will come whole, not streamed. At most once.
   *
   * @param downgrade why, and after how many attempts
   */
  default void onDowngraded(Downgrade downgrade) {}

  /**
   * The whole answer. Nothing comes after it.
   *
   * @param answer what the call returns
   */
  default void onCompleted(Completion answer) {}

  /**
   * The generation failed; what came so far is all there is. Nothing comes after it.
   *
   * @param error what the call throws
   */
  default void onFailed(LmStudioException error) {}

  /** The generation was cancelled. Nothing comes after it. */
  default void onCancelled() {}
}
