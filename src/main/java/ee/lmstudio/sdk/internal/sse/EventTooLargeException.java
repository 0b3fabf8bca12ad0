package ee.lmstudio.sdk.internal.sse;

import java.io.IOException;

/**
 * Thrown if a line or an event of the stream exceeds the parser's limit. The stream cannot
 * continue.
 */
public final class EventTooLargeException extends IOException {
  EventTooLargeException(String what, int limit) {
    super("The event stream has " + what + " with more than " + limit + " bytes");
  }
}
