package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.Delta;
import java.util.function.Function;

/**
 * The visible text or the reasoning of a range of entries. It holds positions and no text, so a
 * text of many megabytes takes no additional memory for each reader. Entries never change, so the
 * text does not change either. Safe for use by any thread.
 */
public final class LogText {
  private final StreamLog log;
  private final Function<Delta, String> part;
  private final long first;
  private final long last;

  /**
   * @param part returns the text of one delta
   * @param first the cursor of the first entry that has such a text; 0 if none has
   * @param last the cursor of the last entry that has one; 0 if none has
   */
  LogText(StreamLog log, Function<Delta, String> part, long first, long last) {
    this.log = log;
    this.part = part;
    this.first = first;
    this.last = last;
  }

  /** Returns the visible text of one entry. */
  public static LogText content(StreamLog log, long cursor) {
    return new LogText(log, Delta::content, cursor, cursor);
  }

  /** Returns the reasoning of one entry. */
  public static LogText reasoning(StreamLog log, long cursor) {
    return new LogText(log, Delta::reasoning, cursor, cursor);
  }

  /** Returns whether no entry has such a text. */
  public boolean isEmpty() {
    return first == 0;
  }

  /** Returns the cursor of the first entry that has such a text; 0 if none has. */
  public long first() {
    return first;
  }

  /** Returns the cursor of the last entry that has such a text; 0 if none has. */
  public long last() {
    return last;
  }

  /**
   * Returns the text of one entry; may be empty. If a surrogate pair is divided between two
   * entries, both halves belong to the first of them.
   *
   * @param cursor from {@link #first()} to {@link #last()}
   */
  public String at(long cursor) {
    String text = own(cursor);
    if (text.isEmpty()) {
      return text;
    }
    if (Character.isLowSurrogate(text.charAt(0)) && endsWithHigh(neighbour(cursor, -1))) {
      text = text.substring(1);
    }
    if (endsWithHigh(text)) {
      String next = neighbour(cursor, 1);
      if (!next.isEmpty() && Character.isLowSurrogate(next.charAt(0))) {
        text += next.charAt(0);
      }
    }
    return text;
  }

  private static boolean endsWithHigh(String text) {
    return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
  }

  /** Returns the nearest text in this direction that is not empty; empty if there is none. */
  private String neighbour(long cursor, int step) {
    String text = "";
    for (long at = cursor + step; text.isEmpty() && at >= first && at <= last; at += step) {
      text = own(at);
    }
    return text;
  }

  private String own(long cursor) {
    return log.entry(cursor).event() instanceof StreamEvent.Piece(Delta delta)
        ? part.apply(delta)
        : "";
  }

  /** Returns only the range, because texts are confidential. */
  @Override
  public String toString() {
    return "LogText[%d to %d]".formatted(first, last);
  }
}
