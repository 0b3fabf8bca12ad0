package ee.lmstudio.http.events;

import ee.lmstudio.run.Run;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;

/**
 * Writes one run's entries as event-stream frames in one dialect. For one thread at a time; {@link
 * Frames} shares it among listeners.
 */
interface FrameWriter {
  /** A dialect: it makes the writer for a run. Dialects are told apart by identity. */
  interface Dialect {
    FrameWriter writer(Run run);
  }

  /** Writes what every response begins with. */
  void begin(FrameBuffer out);

  /** Writes one entry. */
  void write(Entry entry, FrameBuffer out);

  /** Writes what the log adds up to, in place of many entries. */
  void write(Snapshot snapshot, FrameBuffer out);
}
