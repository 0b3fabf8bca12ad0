package ee.lmstudio.sdk.internal.sse;

import java.io.IOException;

/** A line or an event of the stream is larger than the parser holds. The stream cannot go on. */
public final class EventTooLargeException extends IOException {
  EventTooLargeException(String what, int limit) {
    super("The event stream has " + what + " of over " + limit + " bytes");
  }
}
