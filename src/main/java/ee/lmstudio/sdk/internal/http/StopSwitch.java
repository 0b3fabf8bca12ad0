package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends one call from any thread, in any phase: by its caller or by a time limit.
 *
 * <p>The first reason wins. Whatever blocks the call registers how to break it off.
 */
public final class StopSwitch {
  private static final Runnable NOTHING = () -> {};

  private final CountDownLatch stopped = new CountDownLatch(1);
  private LmStudioException reason;
  private Runnable breakOff = NOTHING;

  /**
   * Stops the call; its thread gets {@code why}. Does not block.
   *
   * @return false if it was stopped already
   */
  public boolean stop(LmStudioException why) {
    Runnable breakOffNow;
    synchronized (this) {
      if (reason != null) {
        return false;
      }
      reason = why;
      breakOffNow = breakOff;
      breakOff = NOTHING;
    }
    stopped.countDown();
    breakOffNow.run();
    return true;
  }

  /** Why the call was stopped; empty while it was not. */
  public synchronized Optional<LmStudioException> reason() {
    return Optional.ofNullable(reason);
  }

  /** Throws the reason if the call was stopped. */
  public void throwIfStopped() {
    reason()
        .ifPresent(
            why -> {
              throw why;
            });
  }

  /** Says how to break off what the call is about to wait for; done at once if it was stopped. */
  public void breakOffBy(Runnable how) {
    synchronized (this) {
      if (reason == null) {
        breakOff = how;
        return;
      }
    }
    how.run();
  }

  /** Forgets how to break off: that wait is over. */
  public synchronized void nothingToBreakOff() {
    breakOff = NOTHING;
  }

  /**
   * Waits, unless the call is stopped first; then throws the reason.
   *
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public void pause(Duration time) throws InterruptedException {
    if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throwIfStopped();
    }
  }
}
