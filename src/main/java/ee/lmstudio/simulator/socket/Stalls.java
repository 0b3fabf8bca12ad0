package ee.lmstudio.simulator.socket;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Where stalled answers wait, and tests for them. Safe for use by several threads. */
final class Stalls {
  private final Semaphore releases = new Semaphore(0);
  private final Semaphore arrivals = new Semaphore(0);

  /** Waits for {@link #release()}; ends with an interrupt when the client or the simulator goes. */
  void awaitRelease() throws InterruptedException {
    arrivals.release();
    releases.acquire();
  }

  /** Waits until the client or the simulator goes. */
  void awaitInterrupt() throws InterruptedException {
    arrivals.release();
    new CountDownLatch(1).await();
  }

  void release() {
    releases.release();
  }

  boolean awaitArrival(Duration limit) throws InterruptedException {
    return arrivals.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
