package ee.lmstudio.http.events;

import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.Presence;
import ee.lmstudio.run.Run;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.stream.Cursor;
import ee.lmstudio.stream.Entry;
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
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes the response to one listener. It reads a log at the listener's speed and writes it as an
 * event stream with the servlet's asynchronous output. Only this class knows how events leave the
 * server.
 *
 * <p>It owns no thread. A thread that has news calls it: the reader of LM Studio's stream after an
 * entry, the container when its buffer has room again, and the timer when a keep-alive is due. The
 * call writes as many bytes as the container accepts without blocking, and returns. If there is
 * more than one turn's work, {@link ListenerWatch#later} continues it.
 */
public final class EventStreamResponse implements WriteListener, AsyncListener {
  private static final Logger LOG = Logger.getLogger(EventStreamResponse.class.getName());

  /** How many bytes of short frames are encoded before they are written, if that many wait. */
  static final int BATCH = Pieces.PIECE;

  /** After this number of bytes, the other listeners with a backlog get their turn. */
  static final int TURN = 4 * Pieces.PIECE;

  private static final long BETWEEN_SNAPSHOTS = 5_000_000_000L;

  private final Run run;
  private final Cursor cursor;
  private final Presence.Visit visit;
  private final ListenerPlaces.Place listening;
  private final Dialect dialect;
  private final Frames frames;
  private final ListenerWatch watch;
  private final Runnable look = this::lookAfterSilence;
  private final AsyncContext request;
  private final Runnable onEnd;
  private final FrameBuffer buffer = new FrameBuffer();

  // A thread with news increases it, and the thread that writes decreases it. So one thread writes
  // at a time, and no news is lost.
  private final AtomicInteger news = new AtomicInteger();

  private volatile boolean possible;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean silent;
  private volatile boolean queued;
  private volatile long lastWrite;
  private volatile Runnable closeAtOnce = () -> {};

  // Used only by the thread that writes.
  private ServletOutputStream out;
  private BooleanSupplier open;
  private int written;
  private Pieces longFrame;
  private Pieces.Place place;
  private boolean unflushed;
  private long lastSnapshot;

  /**
   * Attaches the listener to the run, so that the run does not count as abandoned. Nothing is
   * written before {@link #begin}.
   *
   * @param request suspended, while the call that suspended it is still running
   * @param after the cursor of the last entry that the client has; 0 if it has none
   * @param dialect the format of the events
   * @param listening the listener's place, given back when it leaves
   * @param onEnd called once, when nothing more will be written; it releases the request
   */
  public EventStreamResponse(
      AsyncContext request,
      Run run,
      long after,
      Dialect dialect,
      ListenerWatch watch,
      ListenerPlaces.Place listening,
      Runnable onEnd) {
    this.listening = listening;
    this.request = request;
    this.onEnd = onEnd;
    this.watch = watch.unproxied();
    this.lastWrite = watch.nanoTime();
    this.lastSnapshot = lastWrite - BETWEEN_SNAPSHOTS;
    this.run = run;
    this.dialect = dialect;
    this.frames = this.watch.join(run.log(), dialect);
    this.visit = run.presence().enter(this::dismiss);
    this.cursor = Cursor.open(run.log(), after, this::wake);
    request.setTimeout(0);
    request.addListener(this);
  }

  /** Answers 200 and writes until the stream ends or the client leaves. */
  public void begin(String location) throws IOException {
    HttpServletResponse response = (HttpServletResponse) request.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-cache, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader("Location", location);
    GrizzlyRequest own = GrizzlyRequest.of(request.getRequest());
    own.useSmallBuffers();
    own.limitUnread(Pieces.PIECE);
    open = own.open();
    closeAtOnce = own.closingAtOnce();
    frames.begin(buffer);
    out = response.getOutputStream();
    watch.add(look);
    if (over.get()) {
      // The container has ended the request meanwhile, so the watch must be removed here.
      watch.remove(look);
      return;
    }
    out.setWriteListener(this);
  }

  /** Detaches the listener. For a response that was never begun. */
  public void abandon() {
    end();
  }

  /** Called by the container when it accepts bytes again. */
  @Override
  public void onWritePossible() {
    possible = true;
    wake();
  }

  /** Called when there is a new entry, room in the buffer, or a keep-alive due. Never blocks. */
  private void wake() {
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
   * Called by the timer. After too long a silence it has a keep-alive written. If the client has
   * accepted nothing for the retention of streams on top of that, the connection is closed. Without
   * this, the client would keep the log in memory: TCP notices a vanished peer only after many
   * minutes, and a hanging peer never.
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

  private void write() {
    int left = TURN;
    try {
      while (out.isReady()) {
        if (written == buffer.length() && longFrame == null) {
          buffer.clear();
          written = 0;
          fill();
        }
        boolean longNext = written == buffer.length() && longFrame != null;
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
        } else if (longFrame != null) {
          Pieces.Piece piece = frames.piece(longFrame, place);
          out.write(piece.bytes());
          place = piece.next();
          left -= piece.bytes().length;
          longFrame = longFrame.endsAt(place) ? null : longFrame;
          wrote();
        } else if (unflushed) {
          unflushed = false;
          out.flush();
          failIfClosed();
          if (!cursor.finished()) {
            // An entry that arrived meanwhile calls wake(), and this method runs again.
            return;
          }
        } else {
          if (cursor.finished()) {
            endRequest();
          }
          return;
        }
      }
    } catch (IOException clientLeft) {
      onError(clientLeft);
    } catch (RuntimeException | Error defect) {
      // The calling thread must not be affected, and the listener must end.
      breakOff(defect);
    }
  }

  /**
   * Closes the connection in the middle of the response, so that the client does not take the
   * stream as ended.
   */
  private void breakOff(Throwable defect) {
    LOG.log(Level.SEVERE, "Stream " + run.id() + " could not be written to a listener", defect);
    closeAtOnce.run();
    endRequest();
  }

  /** Closes the connection because the memory of the log is needed. The client can come back. */
  private void dismiss() {
    LOG.log(Level.FINE, "A listener of stream {0} was sent away: memory is needed", run.id());
    closeAtOnce.run();
    endRequest();
  }

  /** Throws if the connection is closed: a failed flush closes it, but only the next one throws. */
  private void failIfClosed() throws ClosedChannelException {
    if (!open.getAsBoolean()) {
      throw new ClosedChannelException();
    }
  }

  private void writeLater() {
    if (!queued) {
      queued = true;
      watch.later(
          () -> {
            queued = false;
            wake();
          });
    }
  }

  private void wrote() {
    unflushed = true;
    lastWrite = watch.nanoTime();
  }

  /** Fills the buffer, up to the next frame that has to be written in pieces. */
  private void fill() {
    if (cursor.unreadText() > Frames.FAR_BEHIND
        && watch.nanoTime() - lastSnapshot >= BETWEEN_SNAPSHOTS) {
      snapshot();
    }
    for (Entry entry;
        longFrame == null && buffer.length() < BATCH && (entry = cursor.next()) != null; ) {
      if (Frames.isLong(entry)) {
        begin(frames.pieces(entry));
      } else {
        frames.write(entry, buffer);
      }
    }
    if (silent) {
      silent = false;
      // Not if the end follows: a keep-alive would delay the end for a very slow client.
      if (buffer.length() == 0 && longFrame == null && !cursor.finished()) {
        buffer.text(": keep-alive\n\n");
      }
    }
  }

  private void snapshot() {
    Frames.Shortcut snapshot = frames.snapshot(cursor.position());
    if (snapshot != null) {
      lastSnapshot = watch.nanoTime();
      cursor.skipTo(snapshot.cursor());
      begin(snapshot.frame());
    }
  }

  private void begin(Pieces frame) {
    longFrame = frame;
    place = Pieces.Place.START;
  }

  /** Detaches the listener. Returns false if it was detached before. */
  private boolean end() {
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    watch.remove(look);
    cursor.close();
    watch.leave(run.log(), dialect);
    visit.close();
    listening.close();
    return true;
  }

  private void endRequest() {
    if (end()) {
      onEnd.run();
    }
  }

  /** Ends the response because the client has left: a write failed, or was blocked for too long. */
  @Override
  public void onError(Throwable clientLeft) {
    LOG.log(Level.FINE, "A listener of stream {0} left: {1}", new Object[] {run.id(), clientLeft});
    endRequest();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Asynchronous processing is started once.
  }
}
