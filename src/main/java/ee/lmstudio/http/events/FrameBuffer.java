package ee.lmstudio.http.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A buffer for the bytes of event-stream frames. It writes JSON strings directly as UTF-8, because
 * it runs for every token and listener.
 */
public final class FrameBuffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private static final int SMALL = 512;
  private static final char NEXT_LINE = 0x85;

  /** A buffer that grew beyond this is released when it is emptied. */
  static final int KEPT = 2 * 1024;

  private byte[] bytes = new byte[SMALL];
  private int length;

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Empties the buffer and releases the memory that large frames needed. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[SMALL];
    }
  }

  FrameBuffer raw(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Writes bytes as they are. */
  public FrameBuffer raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  /** Writes a text as UTF-8. */
  public FrameBuffer text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a number that is not negative. */
  public FrameBuffer number(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    ensure(digits);
    length += digits;
    int at = length;
    for (long rest = number; digits > 0; rest /= 10) {
      bytes[--at] = (byte) ('0' + rest % 10);
      digits--;
    }
    return this;
  }

  /** Writes a JSON string with its quotes. */
  FrameBuffer jsonString(String text) {
    ensure(2 + 6 * text.length());
    bytes[length++] = '"';
    jsonCharacters(text, 0, Integer.MAX_VALUE);
    bytes[length++] = '"';
    return this;
  }

  /**
   * Writes characters of a JSON string, without quotes, until the text ends or the buffer has
   * {@code limit} bytes. A surrogate pair is not divided, so the buffer may get a few bytes more.
   * An unpaired surrogate is escaped, since UTF-8 has none.
   *
   * @return the index of the first character that was not written
   */
  int jsonCharacters(String text, int from, int limit) {
    long longest = Math.min(6L * (text.length() - from), (long) limit - length + 6);
    ensure((int) Math.max(0, longest));
    int i = from;
    for (; i < text.length() && length < limit; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c == NEXT_LINE) {
        escape(c);
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | c >> 6);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        // Some clients, such as Python's splitlines, treat these characters as line ends.
        if (c == '\u2028' || c == '\u2029') {
          escape(c);
        } else {
          bytes[length++] = (byte) (0xE0 | c >> 12);
          bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
          bytes[length++] = (byte) (0x80 | c & 0x3F);
        }
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        bytes[length++] = (byte) (0xF0 | point >> 18);
        bytes[length++] = (byte) (0x80 | point >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | point & 0x3F);
      } else {
        escape(c);
      }
    }
    return i;
  }

  private void ascii(char c) {
    switch (c) {
      case '"', '\\' -> {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
      }
      case '\n' -> {
        bytes[length++] = '\\';
        bytes[length++] = 'n';
      }
      default -> {
        if (c < 0x20 || c == 0x7F) {
          escape(c);
        } else {
          bytes[length++] = (byte) c;
        }
      }
    }
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >> shift & 0xF];
    }
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
