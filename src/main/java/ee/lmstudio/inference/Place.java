package ee.lmstudio.inference;

import ee.lmstudio.sdk.StreamHandle;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stream's place among those that run or, before, in the queue. Leave it, once, when it is over.
 */
final class Place implements StreamHandle {
  private final Admission admission;
  private final String caller;
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile int position;

  // Written under the admission's lock.
  private volatile boolean running;
  private volatile boolean left;

  private boolean timedOut;

  Place(Admission admission, String caller) {
    this.admission = admission;
    this.caller = caller;
  }

  String caller() {
    return caller;
  }

  /** Whether it has not come up yet. */
  boolean isWaiting() {
    return !running;
  }

  /** 1 for the next one that comes up. */
  int position() {
    return position;
  }

  /** Called by the admission, with its lock. */
  void standsAt(int newPosition) {
    position = newPosition;
  }

  /** Called by the admission, with its lock. */
  void comesUp() {
    running = true;
    decided.countDown();
  }

  /**
   * Waits until it comes up.
   *
   * @return false if that took too long, or it was cancelled
   */
  boolean await(Duration atMost) throws InterruptedException {
    if (!decided.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      timedOut = cancel();
    }
    return running;
  }

  /** Whether it was given up because that took too long. For the thread that waited. */
  boolean timedOut() {
    return timedOut;
  }

  /** Waits no more. */
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

  /** Frees it for others, whether it has come up or not. Returns false if that was done before. */
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
