package ee.lmstudio.inference;

import java.util.Locale;

/** How a stream is. */
public enum StreamStatus {
  QUEUED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** As the HTTP contract writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the stream has ended. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
