package ee.lmstudio.sdk.internal.json;

/** Texts as bytes of UTF-8, without encoding them. */
public final class Utf8 {
  private Utf8() {}

  /** How many bytes {@code text} has. */
  public static int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a pair stands for two of its four bytes.
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
