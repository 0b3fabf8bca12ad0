package ee.lmstudio.http.events;

import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import java.util.Arrays;

/**
 * The frames of one run in one dialect, shared by its listeners. While several listeners follow a
 * stream, each new entry is encoded once and its bytes are kept for the others. A single listener
 * gets its frames written directly into its buffer. Thread-safe; nobody waits while a snapshot is
 * encoded.
 */
final class Frames {
  /** Encoded frames that are kept, a power of two. A listener further behind encodes again. */
  static final int KEPT = 64;

  private final FrameWriter writer;

  // Guarded by this.
  private int listeners;
  private byte[][] kept;
  private long[] cursors;
  private FrameBuffer scratch;

  Frames(FrameWriter writer) {
    this.writer = writer;
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

  void write(Snapshot snapshot, FrameBuffer out) {
    writer.write(snapshot, out);
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
}
