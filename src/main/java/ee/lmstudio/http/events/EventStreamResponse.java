package ee.lmstudio.http.events;

import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.Presence;
import ee.lmstudio.run.Run;
import ee.lmstudio.server.ClientPresence;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.stream.Cursor;
import ee.lmstudio.stream.Entry;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The response to one listener: reads a log at the listener's speed and writes it as an event
 * stream.
 */
public final class EventStreamResponse extends UnhurriedResponse {
  private static final Logger LOG = Logger.getLogger(EventStreamResponse.class.getName());

  /** How many bytes of short frames are encoded before they are written, if that many wait. */
  static final int BATCH = Pieces.PIECE;

  private static final long QUIET = 250_000_000L;
  private static final long BETWEEN_SNAPSHOTS = 5_000_000_000L;

  private final Run run;
  private final Cursor cursor;
  private final Presence.Visit visit;
  private final ListenerPlaces.Place listening;
  private final Dialect dialect;
  private final Frames frames;
  private final ListenerWatch watch;

  private final Runnable look = this::leaveIfGone;

  /** Null if the run goes on without clients: then it does not matter when they leave. */
  private volatile ClientPresence client;

  private volatile Runnable closing;

  // Used only by the thread that writes.
  private boolean begun;
  private boolean over;
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
    super(request, listening.caller(), watch.unproxied(), onEnd);
    this.listening = listening;
    this.watch = watch.unproxied();
    this.lastSnapshot = this.watch.nanoTime() - BETWEEN_SNAPSHOTS;
    this.run = run;
    this.dialect = dialect;
    this.frames = this.watch.join(run.log(), dialect);
    this.cursor = Cursor.open(run.log(), after, this::wake);
    this.visit = run.presence().enter(this::dismiss);
    listen();
    if (run.needsAClient()) {
      lookForTheClient(request.getRequest());
    }
  }

  /**
   * Answers 200 and writes until the stream ends or the client leaves.
   *
   * @param headers sets the headers that name the stream
   */
  public void begin(Consumer<HttpServletResponse> headers) throws IOException {
    if (!mayBegin()) {
      return;
    }
    HttpServletResponse response = response();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-cache, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    headers.accept(response);
    beginWriting();
  }

  private void lookForTheClient(ServletRequest request) {
    closing = GrizzlyRequest.of(request).closing();
    client = ClientPresence.of(request);
    watch.add(look);
    if (isOver()) {
      watch.remove(look);
    }
  }

  /**
   * Ends the response if nothing is written and the client has left. Without this, a failing write
   * would tell that the client has left, which takes two keep-alives.
   */
  private void leaveIfGone() {
    if (quietNanos() > QUIET && client.hasLeft()) {
      watch.remove(look);
      visit.close();
      breakOff();
    }
  }

  /** Closes the connection because the memory of the log is needed. The client can come back. */
  private void dismiss() {
    LOG.log(Level.FINE, "A listener of stream {0} was sent away: memory is needed", run.id());
    breakOff();
  }

  /** Fills the buffer, up to the next frame that has to be written in pieces. */
  @Override
  Pieces fill(FrameBuffer buffer) {
    if (!begun) {
      begun = true;
      frames.begin(buffer);
    }
    Pieces longFrame = snapshot();
    for (Entry entry;
        longFrame == null
            && !over
            && buffer.length() < BATCH
            && (entry = cursor.next()) != null; ) {
      if (frames.isLong(entry)) {
        longFrame = frames.pieces(entry);
      } else {
        frames.write(entry, buffer);
      }
      over = frames.isLast(entry);
    }
    // Not if the end follows: a keep-alive would delay the end for a very slow client.
    if (wasSilent() && buffer.length() == 0 && longFrame == null && !isFinished()) {
      buffer.text(": keep-alive\n\n");
    }
    return longFrame;
  }

  /** Returns a snapshot if the listener is far behind, and skips what the snapshot covers. */
  private Pieces snapshot() {
    if (cursor.unreadText() <= Frames.FAR_BEHIND
        || watch.nanoTime() - lastSnapshot < BETWEEN_SNAPSHOTS) {
      return null;
    }
    Frames.Shortcut snapshot = frames.snapshot(cursor.position());
    if (snapshot == null) {
      return null;
    }
    lastSnapshot = watch.nanoTime();
    cursor.skipTo(snapshot.cursor());
    return snapshot.frame();
  }

  @Override
  Pieces.Piece piece(Pieces part, Pieces.Place at) {
    return frames.piece(part, at);
  }

  @Override
  boolean isFinished() {
    return over || cursor.finished();
  }

  @Override
  void detach() {
    cursor.close();
    watch.leave(run.log(), dialect);
    visit.close();
    listening.close();
    if (client != null) {
      watch.remove(look);
      if (client.answered()) {
        closing.run();
      }
    }
  }

  @Override
  String name() {
    return "Stream " + run.id();
  }
}
