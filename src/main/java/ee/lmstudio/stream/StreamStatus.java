package ee.lmstudio.stream;

import java.util.Locale;

/** The status of a stream. */
public enum StreamStatus {
  QUEUED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** Returns the name that the HTTP API uses. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the status of a stream whose newest event is this one. */
  static StreamStatus after(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Completed completed -> COMPLETED;
      case StreamEvent.Failed failed -> FAILED;
      case StreamEvent.Cancelled cancelled -> CANCELLED;
      case StreamEvent.Progress(Phase phase, int position, double part)
          when phase == Phase.QUEUED ->
          QUEUED;
      default -> RUNNING;
    };
  }

  /** Returns whether the stream has ended. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
