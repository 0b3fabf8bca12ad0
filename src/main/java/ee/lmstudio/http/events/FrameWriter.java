package ee.lmstudio.http.events;

import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;

/**
 * Writes one stream's entries as event-stream frames in one dialect. {@link Frames} shares it among
 * listeners.
 */
interface FrameWriter {
  /** Writes the bytes at the beginning of every response. For several threads at a time. */
  void begin(FrameBuffer out);

  /** Writes the frame of one entry. For one thread at a time. */
  void write(Entry entry, FrameBuffer out);

  /** Returns the frame of one entry whose text is long. For one thread at a time. */
  Pieces pieces(Entry entry);

  /**
   * Returns the frame of a snapshot, which replaces many entries. For several threads at a time.
   */
  Pieces pieces(Snapshot snapshot);
}
