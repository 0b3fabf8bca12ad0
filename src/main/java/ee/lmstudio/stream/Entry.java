package ee.lmstudio.stream;

import java.util.List;

/**
 * One entry of a stream's log. It is data only: it can be encoded, sent to another server and
 * decoded there ({@link EntryCodec}).
 *
 * @param cursor 1 for the first entry, one more for each; the same for every reader
 * @param modelId the requested model, later the one that answers; null if none is known
 * @param event the content of the entry
 * @param chunks the chunks of LM Studio that the entry was read from
 * @param textSoFar characters of text in the log up to and including this entry
 */
public record Entry(long cursor, String modelId, StreamEvent event, Chunks chunks, long textSoFar) {
  /** The approximate size of the objects and references of an entry, in bytes. */
  private static final int OVERHEAD = 120;

  /** Returns the approximate memory of the entry, in bytes. */
  public int weight() {
    return OVERHEAD + 2 * event.textLength() + chunks.bytes();
  }

  /**
   * Returns the chunks of LM Studio that the entry was read from, each as one JSON object that may
   * contain line ends; the list may be empty.
   */
  public List<String> json() {
    return chunks.json(event);
  }
}
