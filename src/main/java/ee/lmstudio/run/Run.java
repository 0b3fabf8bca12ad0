package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.StreamLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One piece of work behind a stream: its owner, the clients that still want it, the way to cancel
 * it, and the log of its results. The last entry of the log says how the run ended. For any thread.
 */
public final class Run {
  private final String id;
  private final String owner;
  private final String promptHash;
  private final Optional<String> modelRequested;
  private final Duration orphanGrace;
  private final StreamLog log;
  private final Presence presence;
  private final LongSupplier nanoTime;
  private final Instant startedAt = Instant.now();
  private final long begun;
  private volatile Instant finishedAt;
  private volatile long endedNanos;

  // Guarded by this.
  private StreamHandle handle;
  private CancelledBy cancelledBy;

  /**
   * @param id 128 random bits in hexadecimal
   * @param orphanGrace how long the run goes on without a client; zero: it is cancelled when the
   *     last client leaves
   * @param log empty
   * @param nanoTime measures grace and retention
   */
  Run(
      String id,
      String owner,
      Work work,
      Duration orphanGrace,
      StreamLog log,
      LongSupplier nanoTime) {
    this.id = id;
    this.owner = owner;
    this.promptHash = PromptHash.of(work.request());
    this.modelRequested = work.model();
    this.orphanGrace = orphanGrace;
    this.log = log;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.presence = new Presence(nanoTime, this::lastClientLeft);
  }

  /**
   * Returns the id of the run and its stream. A caller who knows this id and is allowed to see the
   * stream can read it and cancel it.
   */
  public String id() {
    return id;
  }

  /** Returns the name of the caller who started the run. */
  public String owner() {
    return owner;
  }

  /** Returns {@code sha256:} and the hash of the request. */
  public String promptHash() {
    return promptHash;
  }

  /** Returns the model that the request named; empty if it named none. */
  public Optional<String> modelRequested() {
    return modelRequested;
  }

  /** Returns when the run was created, before it waited for its turn. */
  public Instant startedAt() {
    return startedAt;
  }

  /** Returns when the run ended; empty while it has not. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /** Returns the log of the results so far. */
  public StreamLog log() {
    return log;
  }

  /** Returns which clients still want the run. */
  public Presence presence() {
    return presence;
  }

  /** Cancels the run, in whatever phase it is. Only the first call has an effect. */
  public void cancel(CancelledBy by) {
    StreamHandle running;
    synchronized (this) {
      if (cancelledBy != null) {
        return;
      }
      cancelledBy = by;
      running = handle;
    }
    if (running != null) {
      running.cancel();
    }
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

  synchronized CancelledBy cancelledBy() {
    return cancelledBy == null ? CancelledBy.CLIENT : cancelledBy;
  }

  /** Notes the end time. Call it just before the last entry is appended, so that readers see it. */
  void ending() {
    finishedAt = Instant.now();
    endedNanos = nanoTime.getAsLong();
  }

  /** Releases the handle: the log is kept for minutes, and the handle is not needed any more. */
  synchronized void ended() {
    handle = null;
  }
}
