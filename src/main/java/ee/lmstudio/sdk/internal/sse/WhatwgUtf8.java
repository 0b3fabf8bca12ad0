package ee.lmstudio.sdk.internal.sse;

import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 as the Encoding Standard does. The result differs from {@code java.nio} in the
 * number of U+FFFD for a malformed sequence: one for each byte of an encoded surrogate, where Java
 * writes one for all three.
 */
final class WhatwgUtf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private WhatwgUtf8() {}

  static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    // Java replaces every malformed sequence, so that without a replacement both decoders agree.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeMalformed(bytes, from, to);
  }

  private static String decodeMalformed(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      int lead = bytes[at++] & 0xFF;
      if (lead < 0x80) {
        text.append((char) lead);
        continue;
      }
      int needed = continuations(lead);
      int lower = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int upper = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      int codePoint = needed == 0 ? REPLACEMENT : lead & (0x3F >> needed);
      for (int left = needed; left > 0; left--) {
        int next = at < to ? bytes[at] & 0xFF : -1;
        if (next < lower || next > upper) {
          codePoint = REPLACEMENT;
          break;
        }
        codePoint = codePoint << 6 | next & 0x3F;
        lower = 0x80;
        upper = 0xBF;
        at++;
      }
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  /** Returns how many bytes follow this first byte; 0 if no valid sequence begins with it. */
  private static int continuations(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return 1;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      return 2;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
  }
}
