package ee.lmstudio.sdk.internal.sse;

import java.nio.charset.StandardCharsets;

/** Recognises the kind of a body by its first bytes, if its content type does not name it. */
final class FirstBytes {
  /** The kinds of body. */
  enum Kind {
    EVENT_STREAM,
    JSON,
    OTHER,
    /** More bytes are needed. */
    UNDECIDED
  }

  private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";
  private static final String[] FIELDS = {"data:", "event:", "id:", "retry:", "error:"};

  /**
   * Number of bytes after leading white space that are checked: the length of the longest field
   * name.
   */
  private static final int LOOKED_AT = 8;

  private FirstBytes() {}

  static Kind of(byte[] bytes, int count) {
    int from = 0;
    if (startsWithMark(bytes, count)) {
      from = BYTE_ORDER_MARK.length();
    }
    while (from < count && bytes[from] <= ' ' && bytes[from] >= 0) {
      from++;
    }
    if (from == count) {
      return Kind.UNDECIDED;
    }
    if (bytes[from] == ':') {
      return Kind.EVENT_STREAM;
    }
    if (bytes[from] == '{' || bytes[from] == '[') {
      return Kind.JSON;
    }
    int length = Math.min(LOOKED_AT, count - from);
    return byField(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
  }

  private static boolean startsWithMark(byte[] bytes, int count) {
    int length = Math.min(count, BYTE_ORDER_MARK.length());
    String begin = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    return begin.equals(BYTE_ORDER_MARK);
  }

  private static Kind byField(String begin) {
    Kind kind = begin.startsWith(BYTE_ORDER_MARK.substring(0, 1)) ? markOrOther(begin) : Kind.OTHER;
    for (String field : FIELDS) {
      if (begin.startsWith(field)) {
        return Kind.EVENT_STREAM;
      }
      if (field.startsWith(begin)) {
        kind = Kind.UNDECIDED;
      }
    }
    return kind;
  }

  private static Kind markOrOther(String begin) {
    return BYTE_ORDER_MARK.startsWith(begin) ? Kind.UNDECIDED : Kind.OTHER;
  }
}
