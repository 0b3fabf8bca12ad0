package ee.lmstudio.http.events;

import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;

/**
 * Writes one stream's entries as event-stream frames in one dialect. {@link Frames} shares it among
 * listeners.
 */
interface FrameWriter {
  /** Writes the beginning of every response. Several threads may call this at a time. */
  void begin(FrameBuffer out);

  /** Writes the frame of one entry. Only one thread at a time may call this. */
  void write(Entry entry, FrameBuffer out);

  /** Returns the frame of one long entry. Only one thread at a time may call this. */
  Pieces pieces(Entry entry);

  /**
   * Returns the frame of a snapshot, which replaces many entries. Several threads may call this at
   * a time.
   */
  Pieces pieces(Snapshot snapshot);
}
