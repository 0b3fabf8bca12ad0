package ee.lmstudio.sdk.internal.json;

/** Computes the size of texts in UTF-8 without encoding them. */
public final class Utf8 {
  private Utf8() {}

  /** Returns how many bytes {@code text} has. */
  public static int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair counts as two of the four bytes.
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
