package ee.lmstudio.sdk.internal.sse;

import java.util.ArrayList;
import java.util.List;

/** All that a parser reports of some bytes, written down. */
final class ParsedEvents implements EventStreamListener {
  private final List<String> reported = new ArrayList<>();

  private ParsedEvents() {}

  /** What is reported when the bytes come in pieces of {@code size}, or less at the end. */
  static List<String> of(byte[] bytes, int size) {
    return of(bytes, new int[] {size});
  }

  /** The same in pieces of these sizes, from the first again when they are used up. */
  static List<String> of(byte[] bytes, int[] sizes) {
    ParsedEvents events = new ParsedEvents();
    EventStreamParser parser = new EventStreamParser(events);
    try {
      int piece = 0;
      for (int from = 0; from < bytes.length; piece++) {
        int count = Math.min(sizes[piece % sizes.length], bytes.length - from);
        parser.feed(bytes, from, count);
        from += count;
      }
      events.reported.add("end " + parser.lastEventId() + " " + parser.retryMillis());
    } catch (EventTooLargeException e) {
      events.reported.add(e.getMessage());
    }
    return events.reported;
  }

  @Override
  public void onEvent(ServerSentEvent event) {
    reported.add(
        String.join(
            "|",
            event.getName(),
            event.readData(),
            String.valueOf(event.getId()),
            event.lastEventId(),
            String.valueOf(event.getReconnectDelay())));
  }

  @Override
  public void onComment() {
    reported.add("comment");
  }

  @Override
  public void onOtherLine(String line) {
    reported.add("line " + line);
  }
}
