package ee.lmstudio.http.events;

import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;

/**
 * Writes one stream's entries as event-stream frames in one dialect. {@link Frames} shares it among
 * listeners.
 */
public interface FrameWriter {
  /** An entry with more characters than this should be written in pieces. */
  static final int LONG = 2 * 1024;

  /** Writes the beginning of every response. Several threads may call this at a time. */
  void begin(FrameBuffer out);

  /**
   * Returns whether the entry is too long for {@link #write}, and must be written in pieces.
   * Several threads may call this at a time.
   */
  boolean isLong(Entry entry);

  /**
   * Returns whether nothing follows the entry in this dialect. Several threads may call this at a
   * time.
   */
  default boolean isLast(Entry entry) {
    return entry.event().last();
  }

  /**
   * Writes the frames of one entry; none if the dialect has none for it. Only one thread at a time
   * may call this.
   */
  void write(Entry entry, FrameBuffer out);

  /** Returns the frames of one long entry. Only one thread at a time may call this. */
  Pieces pieces(Entry entry);

  /**
   * Returns the frame of a snapshot, which replaces many entries; null if the dialect has no
   * snapshots. Several threads may call this at a time.
   */
  Pieces pieces(Snapshot snapshot);
}
