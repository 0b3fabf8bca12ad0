package ee.lmstudio.sdk.internal.sse;

/** Gets what {@link EventStreamParser} finds, on the thread that feeds the parser. */
@FunctionalInterface
public interface EventStreamListener {
  /** Called with each whole event. */
  void onEvent(ServerSentEvent event);

  /** Called for each comment line. A comment says nothing, but its sender is alive. */
  default void onComment() {}

  /**
   * Called with each line whose field name the standard does not know, and tells clients to ignore.
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
