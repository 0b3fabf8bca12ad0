package ee.lmstudio.rest.stream;

import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.LogEntry;
import ee.lmstudio.inference.StreamCursor;
import ee.lmstudio.inference.StreamSnapshot;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One listener: reads a log at its own speed and writes it as an event stream with the servlet's
 * asynchronous output. This class alone knows how events leave the server.
 *
 * <p>It owns no thread. Whoever has news runs it: the reader of LM Studio's stream after an entry,
 * the container when its buffer has room again, the timer for a keep-alive. It writes what the
 * container takes without waiting, and goes; so nobody who runs it is held up.
 */
public final class EventStreamResponse implements WriteListener, AsyncListener {
  /** So much is written at once when much waits. */
  private static final int BATCH = 16 * 1024;

  /** A listener that is so many characters behind gets a snapshot. */
  private static final long FAR_BEHIND = 1 << 20;

  private static final long BETWEEN_SNAPSHOTS = 5_000_000_000L;

  private final StreamCursor cursor;
  private final FrameWriter frames;
  private final KeepAlive keepAlive;
  private final FrameBuffer buffer = new FrameBuffer();

  // Raised by who has news, lowered by who runs: one runs at a time, and no news is lost.
  private final AtomicInteger news = new AtomicInteger();

  private volatile boolean possible;
  private volatile boolean over;
  private volatile boolean silent;
  private volatile long lastWrite = System.nanoTime();

  // Touched only by who runs.
  private AsyncContext context;
  private ServletOutputStream out;
  private boolean unflushed;
  private long lastSnapshot = System.nanoTime() - BETWEEN_SNAPSHOTS;

  /**
   * Listens from now on, so that the stream is not alone; writes nothing before {@link #begin}.
   *
   * @param after the last entry that the client has; 0 for none
   */
  public EventStreamResponse(GenerationStream stream, long after, KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
    this.frames = new FrameWriter(stream);
    this.cursor = stream.listen(after, this::wake);
  }

  /** Answers 200 and writes until the stream ends or the client leaves. */
  public void begin(AsyncContext request) throws IOException {
    context = request;
    context.setTimeout(0);
    context.addListener(this);
    HttpServletResponse response = (HttpServletResponse) request.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-cache, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    buffer.text("retry: 1000\n\n");
    out = response.getOutputStream();
    keepAlive.add(this);
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
      if (possible && !over) {
        write();
      }
      handled = news.addAndGet(-handled);
    } while (handled != 0);
  }

  /** Silence for too long: says that the connection lives. Called by the timer. */
  void keepAliveIfSilent(long silence) {
    if (System.nanoTime() - lastWrite > silence) {
      silent = true;
      wake();
    }
  }

  private void write() {
    try {
      while (out.isReady()) {
        fill();
        if (buffer.length() > 0) {
          out.write(buffer.array(), 0, buffer.length());
          buffer.clear();
          unflushed = true;
          lastWrite = System.nanoTime();
        } else if (unflushed) {
          unflushed = false;
          out.flush();
        } else {
          if (cursor.finished()) {
            end();
            context.complete();
          }
          return;
        }
      }
    } catch (IOException | RuntimeException clientLeft) {
      onError(clientLeft);
    }
  }

  private void fill() {
    if (silent) {
      silent = false;
      buffer.text(": keep-alive\n\n");
    }
    if (cursor.unreadText() > FAR_BEHIND && System.nanoTime() - lastSnapshot >= BETWEEN_SNAPSHOTS) {
      snapshot();
    }
    while (buffer.length() < BATCH) {
      LogEntry entry = cursor.next();
      if (entry == null) {
        return;
      }
      frames.write(entry, buffer);
    }
  }

  private void snapshot() {
    StreamSnapshot snapshot = StreamSnapshot.beforeTheEnd(cursor.stream().log());
    if (snapshot.cursor() > cursor.position()) {
      lastSnapshot = System.nanoTime();
      cursor.skipTo(snapshot.cursor());
      frames.write(snapshot, buffer);
    }
  }

  private void end() {
    over = true;
    keepAlive.remove(this);
    cursor.close();
  }

  /** The client has left: found when a write failed. */
  @Override
  public void onError(Throwable clientLeft) {
    if (!over) {
      end();
      context.complete();
    }
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
