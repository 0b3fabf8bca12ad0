package ee.lmstudio.sdk.internal.sse;

import java.util.Arrays;

/** Collects bytes up to a limit. Releases its memory if it is large when it is cleared. */
final class ByteBuilder {
  private static final int KEPT = 8 * 1024;
  private static final byte[] NONE = {};

  private final String what;
  private final int limit;
  private byte[] bytes = NONE;
  private int length;

  ByteBuilder(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  void append(byte[] source, int from, int count) throws EventTooLargeException {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void append(byte single) throws EventTooLargeException {
    ensure(1);
    bytes[length++] = single;
  }

  private void ensure(int more) throws EventTooLargeException {
    if (more > limit - length) {
      throw new EventTooLargeException(what, limit);
    }
    if (length + more > bytes.length) {
      int grown = Math.max(256, Math.max(length + more, bytes.length * 2));
      bytes = Arrays.copyOf(bytes, Math.min(limit, grown));
    }
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = NONE;
    }
  }
}
