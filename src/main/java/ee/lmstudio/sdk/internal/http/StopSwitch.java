package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
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
  private volatile LmStudioException reason;
  private boolean ended;
  private Runnable breakOff = NOTHING;

  /**
   * Stops the call; its thread gets {@code why}. Does not block.
   *
   * @return false if it was stopped already, or had ended
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

  /** Throws why the call is over, if it was stopped or its thread was interrupted. */
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

  /** From here on the call cannot be stopped: it has ended. */
  public synchronized void end() {
    ended = true;
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

  /** Ends the present wait without a reason: what came is all that is wanted. Does not block. */
  public void breakOff() {
    Runnable breakOffNow;
    synchronized (this) {
      breakOffNow = breakOff;
      breakOff = NOTHING;
    }
    breakOffNow.run();
  }

  /** Forgets how to break off: that wait is over. */
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
