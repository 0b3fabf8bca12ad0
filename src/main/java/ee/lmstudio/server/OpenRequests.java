package ee.lmstudio.server;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Counts the API calls that are being answered. Safe for use by any thread. */
@ApplicationScoped
public class OpenRequests {
  /** Guarded by this. */
  private int open;

  /** Counts a call that begins. */
  public synchronized void began() {
    open++;
  }

  /** Counts a call that has been answered. */
  public synchronized void ended() {
    open--;
    if (open == 0) {
      notifyAll();
    }
  }

  /** Waits until none is open, at most for {@code limit}. Returns how many still are. */
  synchronized int awaitNone(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); open > 0 && left > 0; left = end - System.nanoTime()) {
      wait(Duration.ofNanos(left).plusMillis(1).toMillis());
    }
    return open;
  }
}
