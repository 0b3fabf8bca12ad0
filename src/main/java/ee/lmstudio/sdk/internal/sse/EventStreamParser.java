package ee.lmstudio.sdk.internal.sse;

import jakarta.ws.rs.sse.SseEvent;

/**
 * Turns the bytes of an event stream into events, by the rules of the HTML standard, section 9.2.6.
 *
 * <p>The caller feeds bytes in pieces of any size. The listener receives an event as soon as its
 * blank line has arrived. An event that is unfinished when the bytes end is never reported. Not
 * thread-safe.
 */
public final class EventStreamParser {
  /** A line longer than this ends the stream: 1 MiB. */
  public static final int MAX_LINE = 1 << 20;

  /** An event whose data is longer than this ends the stream: 4 MiB. */
  public static final int MAX_EVENT = 4 << 20;

  private final EventStreamListener listener;

  // The unfinished line at the end of the last bytes.
  private final ByteBuilder unfinished = new ByteBuilder("a line", MAX_LINE);
  private boolean afterCarriageReturn;
  private boolean firstLine = true;

  // The data of the current event.
  private final ByteBuilder data = new ByteBuilder("an event", MAX_EVENT);
  private boolean hasData;
  private String name = "";

  // The name at the time when the data began. A later name may belong to the next event.
  private String nameAtData = "";
  private String id;
  private long retry = SseEvent.RECONNECT_NOT_SET;

  // These values stay valid after an event.
  private String lastEventId = "";
  private long lastRetry = SseEvent.RECONNECT_NOT_SET;

  public EventStreamParser(EventStreamListener listener) {
    this.listener = listener;
  }

  /**
   * Takes the next bytes.
   *
   * @throws EventTooLargeException if a line or an event exceeds its limit; the parser must not be
   *     used any further
   */
  public void feed(byte[] bytes, int from, int count) throws EventTooLargeException {
    int end = from + count;
    int lineStart = from;
    if (afterCarriageReturn && count > 0) {
      afterCarriageReturn = false;
      if (bytes[from] == '\n') {
        lineStart++;
      }
    }
    for (int at = lineStart; at < end; at++) {
      byte b = bytes[at];
      if (b != '\n' && b != '\r') {
        continue;
      }
      endLine(bytes, lineStart, at);
      if (b == '\r') {
        if (at + 1 == end) {
          afterCarriageReturn = true;
        } else if (bytes[at + 1] == '\n') {
          at++;
        }
      }
      lineStart = at + 1;
    }
    if (lineStart < end) {
      unfinished.append(bytes, lineStart, end - lineStart);
    }
  }

  /** Returns the id of the last event, as a reconnect would send it; empty if there was none. */
  String lastEventId() {
    return lastEventId;
  }

  /** Returns the last {@code retry} in milliseconds, or {@link SseEvent#RECONNECT_NOT_SET}. */
  long retryMillis() {
    return lastRetry;
  }

  private void endLine(byte[] bytes, int from, int to) throws EventTooLargeException {
    if (unfinished.length() == 0) {
      if (to - from > MAX_LINE) {
        throw new EventTooLargeException("a line", MAX_LINE);
      }
      line(bytes, from, to);
    } else {
      unfinished.append(bytes, from, to - from);
      line(unfinished.array(), 0, unfinished.length());
      unfinished.clear();
    }
  }

  private void line(byte[] bytes, int start, int to) throws EventTooLargeException {
    int from = start;
    if (firstLine) {
      firstLine = false;
      if (startsWith(bytes, from, to, "\u00EF\u00BB\u00BF")) {
        from += 3;
      }
    }
    if (from == to) {
      dispatch();
      return;
    }
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    if (colon == from) {
      listener.onComment();
      return;
    }
    int value = Math.min(to, colon + 1);
    if (value < to && bytes[value] == ' ') {
      value++;
    }
    field(bytes, from, colon, value, to);
  }

  private void field(byte[] bytes, int from, int nameEnd, int value, int to)
      throws EventTooLargeException {
    if (is(bytes, from, nameEnd, "data")) {
      data(bytes, value, to);
    } else if (is(bytes, from, nameEnd, "event")) {
      name = WhatwgUtf8.decode(bytes, value, to);
    } else if (is(bytes, from, nameEnd, "id")) {
      id(bytes, value, to);
    } else if (is(bytes, from, nameEnd, "retry")) {
      retry(bytes, value, to);
    } else {
      listener.onOtherLine(WhatwgUtf8.decode(bytes, from, to));
    }
  }

  private void data(byte[] bytes, int from, int to) throws EventTooLargeException {
    if (hasData) {
      if (from < to
          && data.length() > 0
          && listener.beginsNewEvent(data.array()[data.length() - 1], bytes[from])) {
        dispatchBefore();
      } else {
        data.append((byte) '\n');
      }
    }
    if (!hasData) {
      hasData = true;
      nameAtData = name;
    }
    data.append(bytes, from, to - from);
  }

  private void id(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == 0) {
        return;
      }
    }
    id = WhatwgUtf8.decode(bytes, from, to);
  }

  private void retry(byte[] bytes, int from, int to) {
    if (from == to) {
      return;
    }
    long millis = 0;
    for (int at = from; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return;
      }
      millis = Math.min(Integer.MAX_VALUE, millis * 10 + digit);
    }
    retry = millis;
    lastRetry = millis;
  }

  private void dispatch() {
    if (id != null) {
      lastEventId = id;
    }
    if (hasData) {
      String type = name.isEmpty() ? "message" : name;
      ServerSentEvent event = new ServerSentEvent(type, data.copy(), id, lastEventId, retry);
      forgetEvent();
      listener.onEvent(event);
    } else {
      forgetEvent();
    }
  }

  /**
   * Dispatches an event before a missing blank line. Fields after its data belong to the next
   * event.
   */
  private void dispatchBefore() {
    String next = name.equals(nameAtData) ? "" : name;
    name = nameAtData;
    dispatch();
    name = next;
  }

  private void forgetEvent() {
    data.clear();
    hasData = false;
    name = "";
    id = null;
    retry = SseEvent.RECONNECT_NOT_SET;
  }

  private static boolean is(byte[] bytes, int from, int to, String name) {
    return to - from == name.length() && startsWith(bytes, from, to, name);
  }

  /** Returns whether the bytes begin with {@code prefix}, an ASCII text. */
  private static boolean startsWith(byte[] bytes, int from, int to, String prefix) {
    if (to - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if ((bytes[from + i] & 0xFF) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
