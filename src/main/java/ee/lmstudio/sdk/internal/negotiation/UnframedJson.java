package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.sse.EventStreamParser;
import java.util.Optional;

/**
 * Collects JSON that a server wrote into an event stream without {@code data:}, on one or several
 * lines. Not thread-safe.
 */
final class UnframedJson {
  private StringBuilder text;
  private JsonExtent extent;

  /** Returns whether the next line belongs to a value that has begun. */
  boolean begun() {
    return text != null;
  }

  /** Returns the part of the current value that has arrived. */
  String text() {
    return text.toString();
  }

  /** Discards the value that has begun. */
  void forget() {
    text = null;
  }

  /**
   * Takes the next line. Returns the value if it is complete.
   *
   * @throws ProtocolException if the value is longer than the data of an event may be
   */
  Optional<String> line(String line) {
    if (text == null) {
      text = new StringBuilder();
      extent = new JsonExtent();
    }
    text.append(line).append('\n');
    if (text.length() > EventStreamParser.MAX_EVENT) {
      throw Failures.notLmStudio(
          "The event stream has JSON outside of an event that is longer than %d characters"
              .formatted(EventStreamParser.MAX_EVENT),
          null);
    }
    extent.feed(line);
    if (!extent.whole()) {
      return Optional.empty();
    }
    String whole = text.toString();
    text = null;
    return Optional.of(whole);
  }
}
