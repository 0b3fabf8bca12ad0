package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The place of one run: in the queue while the run must wait, then among the running ones. Leave it
 * when the run is over.
 */
final class Place implements StreamHandle {
  private final Admission admission;
  private final String caller;
  private final long bytes;
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile int position;

  // Written under the admission's lock.
  private volatile boolean running;
  private volatile boolean left;

  private boolean timedOut;

  /**
   * @param bytes the memory that the run's request takes until the place is left
   */
  Place(Admission admission, String caller, long bytes) {
    this.admission = admission;
    this.caller = caller;
    this.bytes = bytes;
  }

  String caller() {
    return caller;
  }

  long bytes() {
    return bytes;
  }

  /** Returns whether the place is still in the queue. */
  boolean isWaiting() {
    return !running;
  }

  /** Returns the position in the queue: 1 for the next one. */
  int position() {
    return position;
  }

  /** Called by the admission, which holds its lock. */
  void standsAt(int newPosition) {
    position = newPosition;
  }

  /** Called by the admission, which holds its lock. */
  void comesUp() {
    running = true;
    decided.countDown();
  }

  /**
   * Waits for the turn of this place.
   *
   * @return false if the turn did not come in time, or the place was cancelled
   */
  boolean await(Duration atMost) throws InterruptedException {
    if (!decided.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      timedOut = cancel();
    }
    return running;
  }

  /** Returns whether the wait took too long. For the thread that waited. */
  boolean timedOut() {
    return timedOut;
  }

  /** Leaves the queue. Has no effect on a place that is not waiting. */
  @Override
  public boolean cancel() {
    synchronized (admission) {
      return !running && leave();
    }
  }

  @Override
  public boolean posted() {
    return false;
  }

  /** Frees the place, in the queue or not. Returns false if it was freed before. */
  boolean leave() {
    synchronized (admission) {
      if (left) {
        return false;
      }
      left = true;
      admission.leave(this);
    }
    decided.countDown();
    return true;
  }
}
