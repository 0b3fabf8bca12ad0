package ee.lmstudio.sdk.internal.json;

/**
 * Rewrites JSON whose numbers the parser refuses, although they are valid: those with more than
 * 1,000 characters, or with an exponent of more than nine digits. No field of LM Studio needs such
 * a number, so it must not make the other fields of an answer unreadable.
 */
public final class HugeNumbers {
  private static final int LONGEST = 1000;
  private static final int LONGEST_EXPONENT = 9;

  private HugeNumbers() {}

  /**
   * Returns the JSON with each such number as a string; the same object if there is none. Takes
   * time in proportion to the length.
   */
  public static String asTexts(String json) {
    StringBuilder rewritten = null;
    int copied = 0;
    boolean inText = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inText) {
        inText = c != '"';
        i += c == '\\' ? 1 : 0;
      } else if (c == '"') {
        inText = true;
      } else if (beginsNumber(c)) {
        int end = end(json, i);
        if (isHuge(json, i, end)) {
          rewritten = rewritten == null ? new StringBuilder(json.length() + 16) : rewritten;
          rewritten.append(json, copied, i).append('"').append(json, i, end).append('"');
          copied = end;
        }
        i = end - 1;
      }
    }
    return rewritten == null ? json : rewritten.append(json, copied, json.length()).toString();
  }

  private static boolean beginsNumber(char c) {
    return c == '-' || c >= '0' && c <= '9';
  }

  private static int end(String json, int start) {
    int end = start + 1;
    while (end < json.length()
        && (beginsNumber(json.charAt(end)) || ".eE+".indexOf(json.charAt(end)) >= 0)) {
      end++;
    }
    return end;
  }

  private static boolean isHuge(String json, int start, int end) {
    if (end - start > LONGEST) {
      return true;
    }
    int exponent = end;
    while (exponent > start && Character.isDigit(json.charAt(exponent - 1))) {
      exponent--;
    }
    int sign = exponent;
    while (sign > start && "+-".indexOf(json.charAt(sign - 1)) >= 0) {
      sign--;
    }
    boolean hasExponent = sign > start && "eE".indexOf(json.charAt(sign - 1)) >= 0;
    return hasExponent && end - exponent > LONGEST_EXPONENT;
  }
}
