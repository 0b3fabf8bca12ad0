package ee.lmstudio.http.events;

import ee.lmstudio.run.Presence;
import ee.lmstudio.run.Run;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.stream.Cursor;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
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
 * One listener: reads a log at its own speed and writes it as an event stream with the servlet's
 * asynchronous output. This class alone knows how events leave the server.
 *
 * <p>It owns no thread. Whoever has news runs it: the reader of LM Studio's stream after an entry,
 * the container when its buffer has room again, the timer for a keep-alive. It writes what the
 * container takes without waiting, and goes; so nobody who runs it is held up.
 */
public final class EventStreamResponse implements WriteListener, AsyncListener {
  private static final Logger LOG = Logger.getLogger(EventStreamResponse.class.getName());

  /** So much is written at once when much waits. */
  static final int BATCH = 16 * 1024;

  /**
   * At most this many bytes are given to the container at once. Grizzly closes a connection that
   * has more than four times its write buffer pending, which a whole snapshot can exceed.
   */
  static final int PIECE = 64 * 1024;

  /** A listener that is so many characters behind gets a snapshot. */
  private static final long FAR_BEHIND = 1 << 20;

  private static final long BETWEEN_SNAPSHOTS = 5_000_000_000L;

  private final Run run;
  private final Cursor cursor;
  private final Presence.Visit visit;
  private final FrameWriter.Dialect dialect = ApiFrameWriter.DIALECT;
  private final Frames frames;
  private final ListenerWatch watch;
  private final Runnable look = this::lookAfterSilence;
  private final AsyncContext request;
  private final Runnable onEnd;
  private final FrameBuffer buffer = new FrameBuffer();

  // Raised by who has news, lowered by who runs: one runs at a time, and no news is lost.
  private final AtomicInteger news = new AtomicInteger();

  private volatile boolean possible;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean silent;
  private volatile long lastWrite;

  // Touched only by who runs.
  private ServletOutputStream out;
  private BooleanSupplier open;
  private Runnable closeAtOnce;
  private int written;
  private boolean unflushed;
  private long lastSnapshot;

  /**
   * Listens from now on, so that the stream is not alone; writes nothing before {@link #begin}.
   *
   * @param request suspended, and still in the call that suspended it
   * @param after the last entry that the client has; 0 for none
   * @param onEnd releases the request, once, when nothing more will be written
   */
  public EventStreamResponse(
      AsyncContext request, Run run, long after, ListenerWatch watch, Runnable onEnd) {
    this.request = request;
    this.onEnd = onEnd;
    this.watch = watch.unproxied();
    this.lastWrite = watch.nanoTime();
    this.lastSnapshot = lastWrite - BETWEEN_SNAPSHOTS;
    this.run = run;
    this.frames = this.watch.join(run, dialect);
    this.visit = run.presence().enter();
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
    open = own.open();
    closeAtOnce = own.closingAtOnce();
    frames.begin(buffer);
    out = response.getOutputStream();
    watch.add(look);
    if (over.get()) {
      // The container ended the request first: whoever comes second has to undo it.
      watch.remove(look);
      return;
    }
    out.setWriteListener(this);
  }

  /** Listens no more; for who never began. */
  public void abandon() {
    end();
  }

  /** The container takes bytes again. */
  @Override
  public void onWritePossible() {
    possible = true;
    wake();
  }

  /** There is news: an entry, room, or too long a silence. Never blocks. */
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
   * After too long a silence says that the connection lives. If that could not be said for longer
   * than a stream is kept, nobody reads, and without this the log would stay for ever: a peer that
   * vanished is noticed by TCP after many minutes, one that hangs never. Called by the timer.
   */
  private void lookAfterSilence() {
    long quiet = watch.nanoTime() - lastWrite;
    if (silent && quiet > watch.silenceNanos() + watch.patienceNanos()) {
      // First, or the end of the answer would wait behind what nobody reads.
      closeAtOnce.run();
      onError(new SocketTimeoutException("It took nothing for " + quiet / 1_000_000_000 + " s"));
    } else if (quiet > watch.silenceNanos()) {
      silent = true;
      wake();
    }
  }

  private void write() {
    try {
      while (out.isReady()) {
        if (written == buffer.length()) {
          buffer.clear();
          written = 0;
          fill();
        }
        if (written < buffer.length()) {
          int piece = Math.min(PIECE, buffer.length() - written);
          out.write(buffer.array(), written, piece);
          written += piece;
          unflushed = true;
          lastWrite = watch.nanoTime();
        } else if (unflushed) {
          unflushed = false;
          out.flush();
          failIfClosed();
          if (!cursor.finished()) {
            // Whatever came meanwhile is news, and brings this back.
            return;
          }
        } else {
          if (cursor.finished()) {
            endRequest();
          }
          return;
        }
      }
    } catch (Throwable clientLeft) {
      // Errors, too: whoever runs this must not be hit by them, and the listener must end.
      onError(clientLeft);
    }
  }

  /** A failed flush closes the connection, but only the next one would throw. */
  private void failIfClosed() throws ClosedChannelException {
    if (!open.getAsBoolean()) {
      throw new ClosedChannelException();
    }
  }

  private void fill() {
    if (cursor.unreadText() > FAR_BEHIND && watch.nanoTime() - lastSnapshot >= BETWEEN_SNAPSHOTS) {
      snapshot();
    }
    for (Entry entry; buffer.length() < BATCH && (entry = cursor.next()) != null; ) {
      frames.write(entry, buffer);
    }
    if (silent) {
      silent = false;
      // Not before the end: who reads very slowly would be kept from it by one after the other.
      if (buffer.length() == 0 && !cursor.finished()) {
        buffer.text(": keep-alive\n\n");
      }
    }
  }

  private void snapshot() {
    Snapshot snapshot = Snapshot.beforeTheEnd(run.log());
    if (snapshot.cursor() > cursor.position()) {
      lastSnapshot = watch.nanoTime();
      cursor.skipTo(snapshot.cursor());
      frames.write(snapshot, buffer);
    }
  }

  /** Listens and writes no more. Whoever comes second finds it done. */
  private boolean end() {
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    watch.remove(look);
    cursor.close();
    watch.leave(run, dialect);
    visit.close();
    return true;
  }

  private void endRequest() {
    if (end()) {
      onEnd.run();
    }
  }

  /** The client has left: a write failed, or could not be done for too long. */
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
