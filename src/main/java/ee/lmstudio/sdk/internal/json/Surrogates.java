package ee.lmstudio.sdk.internal.json;

/**
 * Joins characters that a server cut in two. A JSON text can end with the first half of a surrogate
 * pair, whose other half begins the next text. Half a character cannot be encoded as UTF-8, so that
 * it is held back until its other half arrives; a half that stays alone becomes U+FFFD. Not
 * thread-safe.
 */
public final class Surrogates {
  private static final char REPLACEMENT = '\uFFFD';

  /** The first half that was held back; 0 if there is none. */
  private char held;

  /**
   * Returns the next text without halves; the same object if it has no half and none was held back.
   */
  public String join(String next) {
    if (held == 0 && !hasAny(next) || next.isEmpty()) {
      return next;
    }
    String text = held == 0 ? next : held + next;
    held = 0;
    int end = text.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      held = text.charAt(--end);
    }
    return paired(text, end);
  }

  /** Returns U+FFFD if a half was still held back, or else an empty text. */
  public String rest() {
    boolean alone = held != 0;
    held = 0;
    return alone ? String.valueOf(REPLACEMENT) : "";
  }

  private static boolean hasAny(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static String paired(String text, int end) {
    StringBuilder paired = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < end
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        paired.append(c).append(text.charAt(++i));
      } else {
        paired.append(Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return paired.toString();
  }
}
