package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;

/**
 * What the observer has been shown, over all attempts: so that text of a broken one is voided, but
 * not before a new one delivers.
 */
final class Shown {
  private final StreamObserver observer;
  private boolean accepted;
  private String model;
  private boolean text;
  private boolean voided;

  Shown(StreamObserver observer) {
    this.observer = observer;
  }

  void accepted() {
    if (!accepted) {
      accepted = true;
      observer.onAccepted();
    }
  }

  void model(String name) {
    if (!name.equals(model)) {
      model = name;
      observer.onModel(name);
    }
  }

  void delta(Delta delta) {
    resetIfVoided();
    text = true;
    observer.onDelta(delta);
  }

  void downgraded(Downgrade downgrade) {
    observer.onDowngraded(downgrade);
  }

  void completed(Completion answer) {
    resetIfVoided();
    observer.onCompleted(answer);
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
      observer.onReset(Downgrade.BREAK);
    }
  }
}
