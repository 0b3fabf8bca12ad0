package ee.lmstudio.sdk.internal.sse;

/**
 * Receives the events that {@link EventStreamParser} finds, on the thread that feeds the parser.
 */
@FunctionalInterface
public interface EventStreamListener {
  /** Called with each complete event. */
  void onEvent(ServerSentEvent event);

  /** Called for each comment line. A comment has no content, but shows that the sender is alive. */
  default void onComment() {}

  /**
   * Called with each line whose field name is unknown. The standard tells clients to ignore such
   * lines.
   *
   * @param line the whole line, without its line end
   */
  default void onOtherLine(String line) {}

  /**
   * Returns whether a data line begins a new event although no blank line came before it. The
   * standard says that it does not: data lines that follow each other are one event.
   *
   * @param last the last byte of the data so far
   * @param first the first byte of the next data line
   */
  default boolean beginsNewEvent(byte last, byte first) {
    return false;
  }
}
