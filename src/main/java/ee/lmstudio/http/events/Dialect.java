package ee.lmstudio.http.events;

import ee.lmstudio.stream.StreamLog;

/** A format in which a log is written as an event stream. Dialects are compared by identity. */
public interface Dialect {
  /** This server's own events. */
  Dialect API = ApiFrameWriter::new;

  /** Returns a writer for the frames of one stream. */
  FrameWriter writer(StreamLog log);
}
