package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;

/**
 * What the observer has been shown, over all attempts: so that text of a broken one is voided, but
 * not before a new one delivers. An observer that throws is shown nothing more.
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

  /** Whether text stands that the observer was shown. */
  boolean hasText() {
    return text;
  }

  /** The attempt that delivered so far is void, as soon as another one delivers. */
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
