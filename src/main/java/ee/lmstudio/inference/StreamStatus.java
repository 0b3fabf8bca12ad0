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

  /** How a stream is whose log ends with this event. */
  static StreamStatus after(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Completed completed -> COMPLETED;
      case StreamEvent.Failed failed -> FAILED;
      case StreamEvent.Cancelled cancelled -> CANCELLED;
      case StreamEvent.Progress(Phase phase, int position) when phase == Phase.QUEUED -> QUEUED;
      default -> RUNNING;
    };
  }

  /** Whether the stream has ended. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
