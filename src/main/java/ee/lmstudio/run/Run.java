package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.StreamLog;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One piece of work behind a stream: its owner, the clients that still want it, the way to cancel
 * it, and the log of its results. The last entry of the log says how the run ended. For any thread.
 */
public final class Run {
  private final Duration orphanGrace;
  private final StreamLog log;
  private final Presence presence;
  private final LongSupplier nanoTime;
  private final long begun;
  private volatile long endedNanos;

  // Guarded by this.
  private StreamHandle handle;
  private CancelledBy cancelledBy;
  private final Set<String> waiting = new HashSet<>();
  private final Set<String> left = new HashSet<>();

  /**
   * @param log empty
   * @param orphanGrace how long the run goes on without a client; zero: it is cancelled when the
   *     last client leaves
   * @param nanoTime measures grace and retention
   */
  Run(StreamLog log, Duration orphanGrace, LongSupplier nanoTime) {
    this.orphanGrace = orphanGrace;
    this.log = log;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.presence = new Presence(nanoTime, this::lastClientLeft);
  }

  /** Returns the id of the run and its stream. */
  public String id() {
    return head().id();
  }

  /** Returns the name of the caller who started the run. */
  public String owner() {
    return head().owner();
  }

  /** Returns what the log knows of the run before its first entry. */
  public StreamHead head() {
    return log.head();
  }

  /** Returns the log of the results so far. */
  public StreamLog log() {
    return log;
  }

  /** Returns which clients still want the run. */
  public Presence presence() {
    return presence;
  }

  /**
   * Cancels the run, in whatever phase it is. Only the first call has an effect.
   *
   * @return whether this was the first call
   */
  public boolean cancel(CancelledBy by) {
    boolean first = mark(by);
    if (first) {
      cancelHandle();
    }
    return first;
  }

  /** Notes who cancels the run. Returns false if it was cancelled before. */
  private synchronized boolean mark(CancelledBy by) {
    boolean first = cancelledBy == null;
    cancelledBy = first ? by : cancelledBy;
    return first;
  }

  /** Without the lock. A handle that is set later is cancelled at once. */
  private void cancelHandle() {
    StreamHandle running;
    synchronized (this) {
      running = handle;
    }
    if (running != null) {
      running.cancel();
    }
  }

  /**
   * Notes that a caller has asked for this run, which several callers may share.
   *
   * @return false if the run was cancelled before, so that this caller needs another run
   */
  synchronized boolean join(String caller) {
    if (cancelledBy != null) {
      return false;
    }
    left.remove(caller);
    waiting.add(caller);
    return true;
  }

  /** Returns whether the run is still working, and was not cancelled. */
  boolean canBeJoined() {
    synchronized (this) {
      if (cancelledBy != null) {
        return false;
      }
    }
    return !log.ended();
  }

  /** What {@link #cancelFor} has done. */
  public enum Departure {
    /** The run goes on, because other callers who share it still wait for it. */
    OTHERS_WAIT,
    /** The run was cancelled. */
    CANCELLED,
    /** The run had been cancelled before. */
    WAS_CANCELLED
  }

  /**
   * Cancels the run for a caller. If other callers share the run and still wait for it, only this
   * caller stops waiting, and a second call has no effect. A caller who does not share the run
   * cancels it for all.
   */
  public Departure cancelFor(String caller) {
    synchronized (this) {
      if (waiting.remove(caller)) {
        left.add(caller);
      }
      if (left.contains(caller) && !waiting.isEmpty()) {
        return Departure.OTHERS_WAIT;
      }
      if (!mark(CancelledBy.CLIENT)) {
        return Departure.WAS_CANCELLED;
      }
    }
    cancelHandle();
    return Departure.CANCELLED;
  }

  /** Returns whether the run is cancelled as soon as its last client leaves. */
  public boolean needsAClient() {
    return orphanGrace.isZero();
  }

  private void lastClientLeft() {
    if (orphanGrace.isZero() && !log.ended()) {
      cancel(CancelledBy.LISTENER_GONE);
    }
  }

  /**
   * Cancels the run if no client has been attached for longer than its grace.
   *
   * @param least the shortest grace that is applied, because a client needs time to attach
   */
  void cancelIfOrphaned(Duration least) {
    Duration grace = orphanGrace.compareTo(least) > 0 ? orphanGrace : least;
    if (presence.aloneNanos() > grace.toNanos()) {
      cancel(CancelledBy.LISTENER_GONE);
    }
  }

  /** Returns how long ago the run was created, in nanoseconds. */
  long ageNanos() {
    return nanoTime.getAsLong() - begun;
  }

  /** Returns how long ago the run ended, in nanoseconds; 0 while it has not ended. */
  long overNanos() {
    return log.ended() ? nanoTime.getAsLong() - endedNanos : 0;
  }

  /** Returns whether LM Studio may be working for the run. */
  synchronized boolean posted() {
    return handle != null && handle.posted();
  }

  /**
   * Sets the handle that cancels the run. If the run was cancelled before, the handle is cancelled
   * at once.
   */
  void running(StreamHandle running) {
    boolean cancelNow;
    synchronized (this) {
      if (log.ended()) {
        return;
      }
      handle = running;
      cancelNow = cancelledBy != null;
    }
    if (cancelNow) {
      running.cancel();
    }
  }

  /**
   * Returns who cancelled the run. If nobody asked for it, the SDK was closed, which only the stop
   * does.
   */
  synchronized CancelledBy cancelledBy() {
    return cancelledBy == null ? CancelledBy.SHUTDOWN : cancelledBy;
  }

  /**
   * Returns whether the run was cancelled as soon as its last client had left. Such a client could
   * not come back to the stream, so it repeats its request. If the run had completed before it
   * noticed that, the result is false.
   */
  boolean abandoned() {
    if (!needsAClient()) {
      return false;
    }
    if (log.ended()) {
      return log.entry(log.lastCursor()).event() instanceof StreamEvent.Cancelled(CancelledBy by)
          && by == CancelledBy.LISTENER_GONE;
    }
    synchronized (this) {
      return cancelledBy == CancelledBy.LISTENER_GONE;
    }
  }

  /** Notes the end time. Call it just before the last entry is appended. */
  void ending() {
    endedNanos = nanoTime.getAsLong();
  }

  /** Releases the handle: the log is kept for minutes, and the handle is not needed any more. */
  synchronized void ended() {
    handle = null;
  }
}
