package ee.lmstudio.stream;

import java.util.Locale;

/** Who cancelled a stream. */
public enum CancelledBy {
  /** The owner of the stream, or an administrator. */
  CLIENT,
  /** The client that waited for the answer left, or no listener came for the whole grace. */
  LISTENER_GONE,
  /** The server is stopping. */
  SHUTDOWN;

  /** Returns the name that the HTTP contract uses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
