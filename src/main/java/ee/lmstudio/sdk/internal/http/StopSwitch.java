package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops one call from any thread, in any phase, for its caller or because of a time limit.
 *
 * <p>The first reason applies. Code that blocks the call registers how to interrupt it.
 */
public final class StopSwitch {
  private static final Runnable NOTHING = () -> {};

  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile LmStudioException reason;
  private boolean ended;
  private Runnable breakOff = NOTHING;

  /**
   * Stops the call, whose thread then throws {@code why}. Does not block.
   *
   * @return false if the call was already stopped or has ended
   */
  public boolean stop(LmStudioException why) {
    Runnable breakOffNow;
    synchronized (this) {
      if (ended || reason != null) {
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

  /** Throws the reason if the call was stopped. */
  public void throwIfStopped() {
    LmStudioException why = reason;
    if (why != null) {
      throw why;
    }
  }

  /** Throws the reason if the call was stopped or its thread was interrupted. */
  public void throwIfStoppedOrInterrupted() {
    throwIfStopped();
    if (Thread.currentThread().isInterrupted()) {
      throw interruption(null);
    }
  }

  /** Stops the call because its thread was interrupted. */
  public void interrupted(InterruptedException cause) {
    stop(interruption(cause));
  }

  private static CancelledException interruption(InterruptedException cause) {
    return new CancelledException("The call's thread was interrupted", "Nothing to do.", cause);
  }

  /** Marks the call as ended, so that it can no longer be stopped. */
  public synchronized void end() {
    ended = true;
  }

  /**
   * Registers how to interrupt the next wait. Runs {@code how} at once if the call was already
   * stopped.
   */
  public void breakOffBy(Runnable how) {
    synchronized (this) {
      if (reason == null) {
        breakOff = how;
        return;
      }
    }
    how.run();
  }

  /**
   * Ends the current wait without stopping the call, because nothing more is needed. Does not
   * block.
   */
  public void breakOff() {
    Runnable breakOffNow;
    synchronized (this) {
      breakOffNow = breakOff;
      breakOff = NOTHING;
    }
    breakOffNow.run();
  }

  /** Removes the registration, because the wait is over. */
  public synchronized void nothingToBreakOff() {
    breakOff = NOTHING;
  }

  /** Waits, unless the call is stopped or its thread interrupted first; then throws the reason. */
  public void pause(Duration time) {
    try {
      if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throwIfStopped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruption(e);
    }
  }
}
