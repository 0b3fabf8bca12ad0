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

  /** Writes one entry. For one thread at a time. */
  void write(Entry entry, FrameBuffer out);

  /** Writes a snapshot, which replaces many entries. For several threads at a time. */
  void write(Snapshot snapshot, FrameBuffer out);
}
