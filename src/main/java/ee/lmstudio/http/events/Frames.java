package ee.lmstudio.http.events;

import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamLog;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The frames of one run in one dialect, shared by its listeners. While several listeners follow a
 * stream, each new entry is encoded once and its bytes are kept for the others. A single listener
 * gets its frames written directly into its buffer. Long frames, and snapshots, are never in memory
 * as a whole: listeners get them in pieces, and listeners at the same position share a piece.
 * Thread-safe.
 */
final class Frames {
  /** Encoded frames that are kept, a power of two. A listener further behind encodes again. */
  static final int KEPT = 64;

  /** A listener that is more than this number of characters behind gets a snapshot. */
  static final long FAR_BEHIND = 1 << 20;

  /** Pieces that are kept for the next listeners. */
  static final int KEPT_PIECES = 4;

  /**
   * A stream whose tool calls have more characters gets no snapshots. They are the only part of a
   * snapshot that is not read from the log, so each snapshot would hold a copy.
   */
  static final int MOST_TOOL_CALLS = 64 * 1024;

  /**
   * For this time, readers share a state with more bytes of tool calls than that, although the log
   * grows: without this, each reader would make the server join and keep another copy.
   */
  static final long STATE_SHARED = 1_000_000_000L;

  /** A piece and where it begins. */
  private record Kept(Pieces of, Pieces.Place at, Pieces.Piece piece) {}

  private final StreamLog log;
  private final FrameWriter writer;
  private final LongSupplier nanoTime;

  // Guarded by this.
  private int listeners;
  private byte[][] kept;
  private long[] cursors;
  private FrameBuffer scratch;

  // So that each long entry has one such object, however many listeners are in the middle of it.
  // Guarded by this.
  private final Map<Long, WeakReference<Pieces>> longEntries = new HashMap<>();

  private final Object snapshots = new Object();

  // Guarded by snapshots.
  private long snapshotCursor;
  private Pieces snapshotPieces;

  private final Object states = new Object();

  // Guarded by states. The answers that send the state keep it, and count its memory.
  private WeakReference<Pieces> state = new WeakReference<>(null);
  private long stateCursor;
  private long stateTime;

  // Guarded by itself.
  private final Kept[] pieces = new Kept[KEPT_PIECES];

  /**
   * @param nanoTime measures for how long a state is shared
   */
  Frames(StreamLog log, FrameWriter writer, LongSupplier nanoTime) {
    this.log = log;
    this.writer = writer;
    this.nanoTime = nanoTime;
  }

  synchronized void join() {
    listeners++;
  }

  /** Returns whether no listener is left. */
  synchronized boolean leave() {
    listeners--;
    if (listeners < 2) {
      kept = null;
      cursors = null;
      scratch = null;
    }
    return listeners == 0;
  }

  void begin(FrameBuffer out) {
    writer.begin(out);
  }

  /** Returns whether the entry is too long for {@link #write}, and must be written in pieces. */
  boolean isLong(Entry entry) {
    return writer.isLong(entry);
  }

  /** Returns whether nothing follows the entry in this dialect. */
  boolean isLast(Entry entry) {
    return writer.isLast(entry);
  }

  synchronized void write(Entry entry, FrameBuffer out) {
    if (listeners < 2) {
      writer.write(entry, out);
      return;
    }
    if (kept == null) {
      kept = new byte[KEPT][];
      cursors = new long[KEPT];
      scratch = new FrameBuffer();
    }
    int place = (int) (entry.cursor() & (KEPT - 1));
    if (cursors[place] != entry.cursor()) {
      // Cleared before the write, because a frame that failed may have left bytes.
      scratch.clear();
      writer.write(entry, scratch);
      kept[place] = Arrays.copyOf(scratch.array(), scratch.length());
      cursors[place] = entry.cursor();
    }
    out.raw(kept[place]);
  }

  /** Returns the frame of a long entry. */
  synchronized Pieces pieces(Entry entry) {
    WeakReference<Pieces> known = longEntries.get(entry.cursor());
    Pieces frame = known == null ? null : known.get();
    if (frame == null) {
      longEntries.values().removeIf(reference -> reference.get() == null);
      frame = writer.pieces(entry);
      longEntries.put(entry.cursor(), new WeakReference<>(frame));
    }
    return frame;
  }

  /**
   * A snapshot for a listener.
   *
   * @param cursor the last entry that it covers
   */
  record Shortcut(long cursor, Pieces frame) {}

  /**
   * Returns a snapshot for a listener that has read up to {@code position}; null if the stream gets
   * none. Listeners share it until the log has grown so far that they would still be far behind
   * afterwards.
   */
  Shortcut snapshot(long position) {
    synchronized (snapshots) {
      if (snapshotCursor == 0 || unread(snapshotCursor) > FAR_BEHIND) {
        Snapshot snapshot = Snapshot.beforeTheEnd(log);
        snapshotCursor = snapshot.cursor();
        long toolCalls =
            snapshot.toolCalls().stream()
                .mapToLong(call -> (long) call.arguments().length() + call.name().length())
                .sum();
        snapshotPieces = toolCalls > MOST_TOOL_CALLS ? null : writer.pieces(snapshot);
      }
      return snapshotPieces == null || snapshotCursor <= position
          ? null
          : new Shortcut(snapshotCursor, snapshotPieces);
    }
  }

  /**
   * Returns the stream's state. While the log does not grow, all readers share it, with the tool
   * calls that are joined in it. If these are large, readers of a running stream also share it for
   * {@link #STATE_SHARED}: they may get a state that is as old as that, and its cursor says so.
   */
  Pieces state() {
    synchronized (states) {
      Pieces known = state.get();
      if (known != null && isCurrent(known)) {
        return known;
      }
      Snapshot now = Snapshot.of(log);
      Pieces made = EventFields.state(log, now);
      state = new WeakReference<>(made);
      stateCursor = now.cursor();
      stateTime = nanoTime.getAsLong();
      return made;
    }
  }

  private boolean isCurrent(Pieces known) {
    return stateCursor == log.lastCursor()
        || known.literalBytes() > MOST_TOOL_CALLS
            && nanoTime.getAsLong() - stateTime < STATE_SHARED
            && !log.ended();
  }

  private long unread(long after) {
    return log.entry(log.lastCursor()).textSoFar() - log.entry(after).textSoFar();
  }

  /** Returns the piece of a frame that begins at this position. */
  Pieces.Piece piece(Pieces of, Pieces.Place at) {
    synchronized (pieces) {
      for (Kept one : pieces) {
        if (one != null && one.of() == of && one.at().equals(at)) {
          return one.piece();
        }
      }
      Pieces.Piece piece = of.piece(at);
      System.arraycopy(pieces, 0, pieces, 1, KEPT_PIECES - 1);
      pieces[0] = new Kept(of, at, piece);
      return piece;
    }
  }
}
