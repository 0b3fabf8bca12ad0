package ee.lmstudio.stream;

/**
 * One entry of a stream's log. It is data only: it can be encoded, sent to another server and
 * decoded there ({@link EntryCodec}).
 *
 * @param cursor 1 for the first entry, one more for each; the same for every reader
 * @param modelId the model that was asked for, then the one that answers; null if none was named
 * @param event what the entry says
 * @param textSoFar characters of text in the log up to and including this entry
 */
public record Entry(long cursor, String modelId, StreamEvent event, long textSoFar) {
  /** Objects and references of an entry, roughly, in bytes. */
  private static final int OVERHEAD = 120;

  /** Returns what the entry costs in memory, roughly, in bytes. */
  public int weight() {
    return OVERHEAD + 2 * event.textLength();
  }
}
