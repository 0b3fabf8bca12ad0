package ee.lmstudio.run;

import java.util.function.LongSupplier;

/**
 * Whether somebody still wants a run: how many clients are attached, and for how long none was.
 * Reading the log is another matter; a client may be present without reading it. For any thread.
 */
public final class Presence {
  /** One attached client. Close it when the client leaves; closing twice has no effect. */
  public final class Visit implements AutoCloseable {
    private boolean over;

    private Visit() {}

    @Override
    public void close() {
      boolean last;
      synchronized (Presence.this) {
        if (over) {
          return;
        }
        over = true;
        present--;
        since = nanoTime.getAsLong();
        last = present == 0;
      }
      if (last) {
        lastLeft.run();
      }
    }
  }

  private final LongSupplier nanoTime;
  private final Runnable lastLeft;

  // Guarded by this.
  private int present;
  private long since;

  /**
   * @param lastLeft called without a lock, on the leaving client's thread, each time the last
   *     client leaves
   */
  Presence(LongSupplier nanoTime, Runnable lastLeft) {
    this.nanoTime = nanoTime;
    this.lastLeft = lastLeft;
    this.since = nanoTime.getAsLong();
  }

  /** A client attaches. */
  public synchronized Visit enter() {
    present++;
    return new Visit();
  }

  /** A client showed interest without attaching: the time alone begins again. */
  public synchronized void touch() {
    since = nanoTime.getAsLong();
  }

  /** Returns for how long no client has been attached, in nanoseconds; 0 while one is. */
  synchronized long aloneNanos() {
    return present > 0 ? 0 : nanoTime.getAsLong() - since;
  }
}
