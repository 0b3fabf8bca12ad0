package ee.lmstudio.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells whether a client still wants a run: how many clients are attached, and for how long none
 * was. Reading the log is another matter; a client may be present without reading it. For any
 * thread.
 */
public final class Presence {
  private static final Logger LOG = Logger.getLogger(Presence.class.getName());

  /** One attached client. Close it when the client leaves; closing twice has no effect. */
  public final class Visit implements AutoCloseable {
    private final Runnable dismissed;
    private final boolean wantsTheRun;

    private Visit(Runnable dismissed, boolean wantsTheRun) {
      this.dismissed = dismissed;
      this.wantsTheRun = wantsTheRun;
    }

    @Override
    public void close() {
      boolean last;
      synchronized (Presence.this) {
        if (!visits.remove(this)) {
          return;
        }
        since = nanoTime.getAsLong();
        last = wantsTheRun && visits.stream().noneMatch(visit -> visit.wantsTheRun);
      }
      if (last) {
        lastLeft.run();
      }
    }
  }

  private final LongSupplier nanoTime;
  private final Runnable lastLeft;

  // Guarded by this.
  private final Set<Visit> visits = new HashSet<>();
  private boolean dismissed;
  private long since;

  /**
   * @param lastLeft called without a lock, on the leaving client's thread, each time the last
   *     client leaves that wanted the run
   */
  Presence(LongSupplier nanoTime, Runnable lastLeft) {
    this.nanoTime = nanoTime;
    this.lastLeft = lastLeft;
    this.since = nanoTime.getAsLong();
  }

  /** Attaches a client. */
  public Visit enter() {
    return enter(() -> {});
  }

  /**
   * Attaches a client that reads the log.
   *
   * @param dismissed called if the client must leave, because the log's memory is needed
   */
  public Visit enter(Runnable dismissed) {
    return add(new Visit(dismissed, true));
  }

  /**
   * Attaches a client that reads the log once, for example its state. The run does not end because
   * this client leaves.
   *
   * @param dismissed called if the client must leave, because the log's memory is needed
   */
  public Visit read(Runnable dismissed) {
    return add(new Visit(dismissed, false));
  }

  private Visit add(Visit visit) {
    boolean late;
    synchronized (this) {
      visits.add(visit);
      late = dismissed;
    }
    if (late) {
      visit.dismissed.run();
    }
    return visit;
  }

  /**
   * Makes all clients leave, and also those that enter later, because they found the run before it
   * was removed. Their callbacks run without a lock. One that fails does not affect the others.
   */
  void dismiss() {
    List<Visit> all;
    synchronized (this) {
      dismissed = true;
      all = List.copyOf(visits);
    }
    for (Visit visit : all) {
      try {
        visit.dismissed.run();
      } catch (RuntimeException | Error defect) {
        LOG.log(Level.SEVERE, "A client of a removed stream could not be sent away", defect);
      }
    }
  }

  /** Restarts the time without clients, because a client polled without attaching. */
  public synchronized void touch() {
    since = nanoTime.getAsLong();
  }

  /** Returns whether no client is attached. */
  synchronized boolean isEmpty() {
    return visits.isEmpty();
  }

  /** Returns for how long no client has been attached, in nanoseconds; 0 while one is. */
  synchronized long aloneNanos() {
    return visits.isEmpty() ? nanoTime.getAsLong() - since : 0;
  }
}
