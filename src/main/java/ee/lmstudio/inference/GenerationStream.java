package ee.lmstudio.inference;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.GenerationRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** One generation: whose it is, its log, and how it is ended. For any thread. */
public final class GenerationStream {
  private final String id;
  private final String owner;
  private final String promptHash;
  private final Optional<String> modelRequested;
  private final StreamLog log = new StreamLog();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final boolean cancelledWhenLeft;
  private final LongSupplier nanoTime;
  private final Instant startedAt = Instant.now();
  private final long begun;
  private volatile Instant finishedAt;

  // Guarded by this.
  private StreamHandle handle;
  private CancelledBy cancelledBy;
  private int listeners;

  /** When the last listener left or, once it is over, when it ended. */
  private long since;

  /**
   * @param cancelledWhenLeft whether the last listener's leaving ends it at once
   * @param nanoTime measures grace and retention
   */
  GenerationStream(
      String id,
      String owner,
      GenerationRequest request,
      boolean cancelledWhenLeft,
      LongSupplier nanoTime) {
    this.id = id;
    this.owner = owner;
    this.promptHash = PromptHash.of(request);
    this.modelRequested = request.model();
    this.cancelledWhenLeft = cancelledWhenLeft;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.since = begun;
  }

  /** 128 random bits; who knows it and may see it can read and end the stream. */
  public String id() {
    return id;
  }

  /** Name of the caller who started it. */
  public String owner() {
    return owner;
  }

  /** {@code sha256:} and the hash of the request. */
  public String promptHash() {
    return promptHash;
  }

  public Optional<String> modelRequested() {
    return modelRequested;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** When it ended; empty while it runs. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  public StreamLog log() {
    return log;
  }

  public StreamStatus status() {
    return StreamSnapshot.withoutTexts(log).status();
  }

  /**
   * Done when the log has its first entry; fails with an {@link LmStudioException} if the
   * generation failed before, so that there is no stream.
   */
  public CompletionStage<Void> opened() {
    return opened.minimalCompletionStage();
  }

  /** Done when the log has its last entry; fails as {@link #opened()} does. */
  public CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  /** A listener's place behind entry {@code after}; 0, or one beyond the log, is its beginning. */
  public StreamCursor listen(long after, Runnable waker) {
    return new StreamCursor(this, after, waker);
  }

  /** Ends the generation, in whatever phase it is. Does nothing if it has ended. */
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

  /** Somebody who polls is a listener, too: the grace begins anew. */
  public synchronized void touch() {
    if (!over()) {
      since = nanoTime.getAsLong();
    }
  }

  synchronized void listenerCame() {
    listeners++;
  }

  void listenerLeft() {
    boolean cancel;
    synchronized (this) {
      listeners--;
      touch();
      cancel = listeners == 0 && cancelledWhenLeft;
    }
    if (cancel && !log.ended()) {
      cancel(CancelledBy.LISTENER_GONE);
    }
  }

  /** For how long it has been there, in nanoseconds. */
  long ageNanos() {
    return nanoTime.getAsLong() - begun;
  }

  /** For how long nobody has listened, in nanoseconds; 0 while somebody does. */
  synchronized long aloneNanos() {
    return listeners > 0 ? 0 : nanoTime.getAsLong() - since;
  }

  /** For how long it has been over, in nanoseconds; 0 while it is not. */
  synchronized long overNanos() {
    return over() ? nanoTime.getAsLong() - since : 0;
  }

  /** Whether its log has its last entry, or will never have one. */
  boolean over() {
    return ended.isDone();
  }

  /** Whether LM Studio may be at work for it. */
  synchronized boolean posted() {
    return handle != null && handle.posted();
  }

  void running(StreamHandle running) {
    boolean cancelNow;
    synchronized (this) {
      if (over()) {
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

  void markOpened() {
    opened.complete(null);
  }

  /** The last entry is about to be written: who reads it finds the time here. */
  void markFinished() {
    finishedAt = Instant.now();
  }

  void markEnded() {
    touch();
    ended.complete(null);
    letGo();
  }

  void markNeverOpened(LmStudioException why) {
    touch();
    opened.completeExceptionally(why);
    ended.completeExceptionally(why);
    letGo();
  }

  /** The log is kept for minutes; all that made it need not be. */
  private synchronized void letGo() {
    handle = null;
  }
}
