package ee.lmstudio.http.events;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.server.GrizzlyRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes the body of one response at the client's speed, with the servlet's asynchronous output.
 * Only this class knows how long answers and events leave the server; a subclass supplies the
 * bytes.
 *
 * <p>It owns no thread. A thread that has news calls it: the reader of LM Studio's stream after an
 * entry, the container when its buffer has room again, and the timer after a silence. The call
 * writes as many bytes as the container accepts without blocking, and returns. If there is more
 * than one turn's work, {@link ListenerWatch#later} continues it.
 */
abstract class UnhurriedResponse implements WriteListener, AsyncListener {
  private enum Phase {
    /** Nothing was sent, and the status and the headers may still change. */
    NEW,
    BEGUN,
    /** Broken off before it had begun. */
    DISMISSED
  }

  private static final Logger LOG = Logger.getLogger(UnhurriedResponse.class.getName());

  /** After this number of bytes, the clients of other callers with a backlog get their turn. */
  static final int TURN = 4 * Pieces.PIECE;

  private final String caller;
  private final ListenerWatch watch;
  private final Runnable look = this::lookAfterSilence;
  private final AsyncContext request;
  private final Runnable onEnd;
  private final FrameBuffer buffer = new FrameBuffer();

  // A thread with news increases it, and the thread that writes decreases it. So one thread writes
  // at a time, and no news is lost.
  private final AtomicInteger news = new AtomicInteger();

  private volatile boolean possible;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean silent;
  private volatile boolean queued;
  private volatile long lastWrite;

  // Set before BEGUN.
  private Runnable closeAtOnce;

  // Used only by the thread that writes.
  private ServletOutputStream out;
  private BooleanSupplier open;
  private int written;
  private Pieces longPart;
  private Pieces.Place place;
  private boolean unflushed = true; // The headers.

  /**
   * @param request suspended, while the call that suspended it is still running
   * @param caller whose turn a long answer takes
   * @param watch without CDI's proxy
   * @param onEnd called once, when nothing more will be written; it releases the request
   */
  UnhurriedResponse(AsyncContext request, String caller, ListenerWatch watch, Runnable onEnd) {
    this.request = request;
    this.caller = caller;
    this.onEnd = onEnd;
    this.watch = watch;
    this.lastWrite = watch.nanoTime();
  }

  /**
   * Registers this object, so that the container reports the end of the request. Every constructor
   * ends with this call. If the request has ended already, what the response has taken is given
   * back.
   */
  final void listen() {
    try {
      request.setTimeout(0);
      request.addListener(this);
    } catch (RuntimeException over) {
      abandon();
      throw over;
    }
  }

  /**
   * Returns the next long part, if there is one, after it has added the bytes that come before that
   * part to the empty buffer. Called by the thread that writes, when it has written everything
   * else. If there is neither, nothing is written until the next {@link #wake} or the end.
   */
  abstract Pieces fill(FrameBuffer buffer);

  /** Returns the piece of a long part that begins at this position. */
  abstract Pieces.Piece piece(Pieces part, Pieces.Place at);

  /** Returns whether {@link #fill} will never supply anything again. */
  abstract boolean isFinished();

  /** Gives back what the response has taken. Called once, at the end. */
  abstract void detach();

  /** Names the response in log messages. */
  abstract String name();

  final HttpServletResponse response() {
    return (HttpServletResponse) request.getResponse();
  }

  /**
   * Returns whether the response can still begin. If not, the container has ended the request, and
   * status and headers must not be set any more. Call it before they are set.
   *
   * @throws ApiException if the response was broken off already
   */
  final boolean mayBegin() {
    if (phase.get() == Phase.DISMISSED) {
      throw ApiException.streamNotFound();
    }
    return !over.get();
  }

  /** Begins to write. Status and headers must be set. */
  final void beginWriting() throws IOException {
    GrizzlyRequest own = GrizzlyRequest.of(request.getRequest());
    own.useSmallBuffers();
    own.limitUnread(Pieces.PIECE);
    open = own.open();
    closeAtOnce = own.closingAtOnce();
    out = response().getOutputStream();
    watch.add(look);
    if (over.get()) {
      // The container has ended the request meanwhile, so the watch must be removed here.
      watch.remove(look);
      return;
    }
    out.setWriteListener(this);
    if (!phase.compareAndSet(Phase.NEW, Phase.BEGUN) && !over.get()) {
      // Another thread broke the response off meanwhile, and left the end to this one.
      closeAndEnd();
    }
  }

  /** Detaches the client. For a response that was never begun. */
  public final void abandon() {
    end();
  }

  /** Called by the container when it accepts bytes again. */
  @Override
  public final void onWritePossible() {
    possible = true;
    wake();
  }

  /** Called when there is a new entry, room in the buffer, or a silence. Never blocks. */
  final void wake() {
    if (news.getAndIncrement() != 0) {
      return;
    }
    int handled = 1;
    do {
      if (possible && !over.get()) {
        write();
      }
      handled = news.addAndGet(-handled);
    } while (handled != 0);
  }

  /**
   * Called by the timer. After a silence of {@code lm-studio.keep-alive}, calls {@link #fill}. If
   * the client has accepted nothing for the retention of streams on top of that, the connection is
   * closed. Without this, the client would keep the log in memory: TCP notices a vanished peer only
   * after many minutes, and a hanging peer never.
   */
  private void lookAfterSilence() {
    long quiet = watch.nanoTime() - lastWrite;
    if (silent && quiet > watch.silenceNanos() + watch.patienceNanos()) {
      // Closed first: otherwise the end of the response would wait behind the unread bytes.
      closeAtOnce.run();
      onError(
          new SocketTimeoutException(
              "The client accepted no bytes for " + quiet / 1_000_000_000 + " s"));
    } else if (quiet > watch.silenceNanos()) {
      silent = true;
      wake();
    }
  }

  /** Returns whether the client was detached. */
  final boolean isOver() {
    return over.get();
  }

  /** Returns for how long nothing was written, in nanoseconds. */
  final long quietNanos() {
    return watch.nanoTime() - lastWrite;
  }

  /** Returns whether nothing was written for too long. Returns true once for each silence. */
  final boolean wasSilent() {
    boolean was = silent;
    if (was) {
      silent = false;
    }
    return was;
  }

  private void write() {
    int left = TURN;
    try {
      while (out.isReady()) {
        if (written == buffer.length() && longPart == null) {
          buffer.clear();
          written = 0;
          longPart = fill(buffer);
          place = Pieces.Place.START;
        }
        boolean longNext = written == buffer.length() && longPart != null;
        if (left <= 0 || longNext && !watch.writesLongFrames()) {
          writeLater();
          return;
        }
        if (written < buffer.length()) {
          int piece = Math.min(Pieces.PIECE, buffer.length() - written);
          out.write(buffer.array(), written, piece);
          written += piece;
          left -= piece;
          wrote();
        } else if (longPart != null) {
          Pieces.Piece piece = piece(longPart, place);
          out.write(piece.bytes());
          place = piece.next();
          left -= piece.bytes().length;
          longPart = longPart.endsAt(place) ? null : longPart;
          wrote();
        } else if (unflushed) {
          unflushed = false;
          out.flush();
          failIfClosed();
          if (!isFinished()) {
            // An entry that arrived meanwhile calls wake(), and this method runs again.
            return;
          }
        } else {
          if (isFinished()) {
            endRequest();
          }
          return;
        }
      }
    } catch (IOException clientLeft) {
      onError(clientLeft);
    } catch (RuntimeException | Error defect) {
      // The calling thread must not be affected, and the client must not wait.
      LOG.log(Level.SEVERE, name() + " could not be written to a client", defect);
      breakOff();
    }
  }

  /**
   * Ends the response before everything was sent. If it has begun, the connection is closed in the
   * middle of it, so that the client does not mistake the part that it has for the whole response.
   * If it has not begun, the thread that begins it answers with an error instead: an answer without
   * a beginning would look like an empty one.
   */
  final void breakOff() {
    if (!phase.compareAndSet(Phase.NEW, Phase.DISMISSED) && phase.get() == Phase.BEGUN) {
      closeAndEnd();
    }
  }

  private void closeAndEnd() {
    closeAtOnce.run();
    endRequest();
  }

  /** Throws if the connection is closed. A flush that fails closes it, but throws nothing. */
  private void failIfClosed() throws ClosedChannelException {
    if (!open.getAsBoolean()) {
      throw new ClosedChannelException();
    }
  }

  private void writeLater() {
    if (!queued) {
      queued = true;
      later(
          () -> {
            queued = false;
            wake();
          });
    }
  }

  /** Does some work for this response when it is the caller's turn. */
  final void later(Runnable work) {
    watch.later(caller, work);
  }

  private void wrote() {
    unflushed = true;
    lastWrite = watch.nanoTime();
  }

  /** Detaches the client. Returns false if it was detached before. */
  private boolean end() {
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    watch.remove(look);
    detach();
    return true;
  }

  private void endRequest() {
    if (end()) {
      onEnd.run();
    }
  }

  /** Ends the response because the client has left: a write failed, or was blocked for too long. */
  @Override
  public final void onError(Throwable clientLeft) {
    LOG.log(Level.FINE, "{0}: a client left: {1}", new Object[] {name(), clientLeft});
    endRequest();
  }

  @Override
  public final void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public final void onError(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public final void onTimeout(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public final void onStartAsync(AsyncEvent event) {
    // Asynchronous processing is started once.
  }
}
