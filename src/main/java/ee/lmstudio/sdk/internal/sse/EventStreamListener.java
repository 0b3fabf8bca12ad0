package ee.lmstudio.sdk.internal.sse;

/** Gets what {@link EventStreamParser} finds, on the thread that feeds the parser. */
@FunctionalInterface
public interface EventStreamListener {
  /** One whole event. */
  void onEvent(ServerSentEvent event);

  /** One comment line. It says nothing, but whoever sent it is alive. */
  default void onComment() {}

  /** A field that the standard does not know and tells to ignore. */
  default void onOtherField(String name, String value) {}
}
