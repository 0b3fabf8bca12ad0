package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the observer, and remembers over all attempts what the observer has received. The text of a
 * broken attempt is discarded only when a new attempt delivers. After an exception from the
 * observer, the observer is not called again.
 */
final class Shown {
  /**
   * Maximum number of characters of held chunks that say nothing. Some servers send such chunks as
   * heartbeats, for as long as they like. Chunks that end the answer or count its tokens may take
   * as much again.
   */
  private static final int MAX_HELD = 1 << 20;

  private final StreamObserver observer;

  /** The chunks since the last delta, which have no text, reasoning or tool call. */
  private final List<String> held = new ArrayList<>();

  private int heldLength;
  private boolean observerThrew;
  private boolean accepted;
  private String model;
  private boolean text;
  private boolean discarded;

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
    passHeld();
    tell(() -> observer.onDelta(delta));
  }

  /**
   * Holds a chunk without text, reasoning or tool call until the next delta or the end. If the
   * attempt breaks before, the chunk was part of nothing that the observer has received.
   */
  void hold(Chunk chunk) {
    boolean says = chunk.says() || chunk.rare() != null;
    int length = chunk.json().length();
    if (heldLength + length <= (says ? 2 * MAX_HELD : MAX_HELD)) {
      heldLength += length;
      held.add(chunk.json());
    }
  }

  /** Passes on a chunk and its delta. Runs for every token. */
  void delta(String json, Delta delta) {
    resetIfVoided();
    text = true;
    passHeld();
    if (!observerThrew) {
      observerThrew = true;
      observer.onChunk(json);
      observer.onDelta(delta);
      observerThrew = false;
    }
  }

  void downgraded(Downgrade downgrade) {
    dropHeld();
    tell(() -> observer.onDowngraded(downgrade));
  }

  void completed(Completion answer) {
    resetIfVoided();
    passHeld();
    tell(() -> observer.onCompleted(answer));
  }

  private void passHeld() {
    if (!held.isEmpty()) {
      held.forEach(json -> tell(() -> observer.onChunk(json)));
      dropHeld();
    }
  }

  private void dropHeld() {
    held.clear();
    heldLength = 0;
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
    discarded = text;
    dropHeld();
  }

  private void resetIfVoided() {
    if (discarded) {
      discarded = false;
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
