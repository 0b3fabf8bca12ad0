package ee.lmstudio.http.events;

import ee.lmstudio.run.Run;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;

/**
 * Writes one run's entries as event-stream frames in one dialect. For one thread at a time; {@link
 * Frames} shares it among listeners.
 */
interface FrameWriter {
  /** A dialect. It creates the writer for a run. Dialects are compared by identity. */
  interface Dialect {
    FrameWriter writer(Run run);
  }

  /** Writes the bytes at the beginning of every response. */
  void begin(FrameBuffer out);

  /** Writes one entry. */
  void write(Entry entry, FrameBuffer out);

  /** Writes a snapshot, which replaces many entries. */
  void write(Snapshot snapshot, FrameBuffer out);
}
