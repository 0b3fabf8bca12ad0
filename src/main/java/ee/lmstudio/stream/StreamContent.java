package ee.lmstudio.stream;

/**
 * What the entries of a stream are. A reader needs it to write the stream in another format than
 * this server's own.
 *
 * @param usageChunk whether the client has asked for OpenAI's chunk with the numbers of tokens
 */
public record StreamContent(Kind kind, boolean usageChunk) {
  /** The kinds of streams. */
  public enum Kind {
    /** The answer to a chat. */
    CHAT,
    /** The continuation of a text. */
    COMPLETION,
    /** What LM Studio answered to a request that was passed on. */
    RELAYED,
    /** The progress of loading, unloading or downloading a model. */
    MODEL
  }
}
