package ee.lmstudio.simulator.socket;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets stalled answers wait for their release, and tests wait for a stall. For any thread. */
final class Stalls {
  private final Semaphore releases = new Semaphore(0);
  private final Semaphore arrivals = new Semaphore(0);

  /** Waits for {@link #release()}. Interrupted when the client leaves or the simulator closes. */
  void awaitRelease() throws InterruptedException {
    arrivals.release();
    releases.acquire();
  }

  /** Waits until the client leaves or the simulator closes. */
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
