package ee.lmstudio.inference;

/**
 * One entry of a stream's log.
 *
 * @param cursor 1 for the first, one more for each; the same for every listener
 * @param modelId who was asked, then who answers; null if nobody was named yet
 * @param event what it says
 * @param textSoFar characters of text in the log up to and with this entry
 */
public record LogEntry(long cursor, String modelId, StreamEvent event, long textSoFar) {
  /** Objects and references of an entry, roughly, in bytes. */
  private static final int OVERHEAD = 120;

  /** What the entry costs in memory, roughly, in bytes. */
  int weight() {
    int answer =
        event instanceof StreamEvent.Completed completed
            ? completed.answer().content().length() + completed.answer().reasoning().length()
            : 0;
    return OVERHEAD + 2 * (event.textLength() + answer);
  }
}
