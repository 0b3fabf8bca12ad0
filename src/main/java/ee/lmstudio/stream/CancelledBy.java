package ee.lmstudio.stream;

import java.util.Locale;

/** The cause of a cancellation. */
public enum CancelledBy {
  /** The owner of the stream, or an administrator. */
  CLIENT,
  /**
   * The client that waited for the answer left, or no listener attached within the grace period.
   */
  LISTENER_GONE,
  /** The server is stopping. */
  SHUTDOWN;

  /** Returns the name that the HTTP API uses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
