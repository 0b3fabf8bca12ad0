package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;

/**
 * Calls the observer, and remembers over all attempts what the observer has received. The text of a
 * broken attempt is discarded only when a new attempt delivers. After an exception from the
 * observer, the observer is not called again.
 */
final class Shown {
  private final StreamObserver observer;
  private boolean observerThrew;
  private boolean accepted;
  private String model;
  private boolean text;
  private boolean voided;

  Shown(StreamObserver observer) {
    this.observer = observer;
  }

  void handle(StreamHandle handle) {
    tell(() -> observer.onHandle(handle));
  }

  void accepted() {
    if (!accepted) {
      accepted = true;
      tell(observer::onAccepted);
    }
  }

  void model(String name) {
    if (!name.equals(model)) {
      model = name;
      tell(() -> observer.onModel(name));
    }
  }

  void delta(Delta delta) {
    resetIfVoided();
    text = true;
    tell(() -> observer.onDelta(delta));
  }

  /** Passes on a chunk that has nothing to show. */
  void chunk(String json) {
    if (!observerThrew) {
      observerThrew = true;
      observer.onChunk(json);
      observerThrew = false;
    }
  }

  /** Passes on a chunk and its delta. Runs for every token. */
  void delta(String json, Delta delta) {
    resetIfVoided();
    text = true;
    chunk(json);
    if (!observerThrew) {
      observerThrew = true;
      observer.onDelta(delta);
      observerThrew = false;
    }
  }

  void downgraded(Downgrade downgrade) {
    tell(() -> observer.onDowngraded(downgrade));
  }

  void completed(Completion answer) {
    resetIfVoided();
    tell(() -> observer.onCompleted(answer));
  }

  void failed(LmStudioException error) {
    tell(() -> observer.onFailed(error));
  }

  void cancelled() {
    tell(observer::onCancelled);
  }

  /** Returns whether the observer has received text that was not discarded. */
  boolean hasText() {
    return text;
  }

  /** Notes that the attempt broke: its text is discarded as soon as another attempt delivers. */
  void broken() {
    voided = text;
  }

  private void resetIfVoided() {
    if (voided) {
      voided = false;
      text = false;
      tell(() -> observer.onReset(Downgrade.BREAK));
    }
  }

  private void tell(Runnable word) {
    if (observerThrew) {
      return;
    }
    // Set first, so that it stays set if the observer throws.
    observerThrew = true;
    word.run();
    observerThrew = false;
  }
}
