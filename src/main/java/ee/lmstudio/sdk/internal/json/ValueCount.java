package ee.lmstudio.sdk.internal.json;

/**
 * Counts the values of JSON before a parser creates objects. A value can take only two characters
 * of the text, but two hundred bytes of the heap.
 */
public final class ValueCount {
  private ValueCount() {}

  /**
   * Returns whether the JSON has more than {@code limit} values and names of fields, at all levels
   * together. Reads each character at most once, and does not check the syntax.
   */
  public static boolean exceeds(String json, int limit) {
    // Each value takes at least two characters: its own, and one that separates it from the next.
    return json.length() / 2 >= limit && count(json, limit) > limit;
  }

  /** Returns how many values and names of fields the JSON has. */
  public static int of(String json) {
    return count(json, Integer.MAX_VALUE);
  }

  /** Stops when the count exceeds {@code limit}. */
  private static int count(String json, int limit) {
    int count = 0;
    boolean inText = false;
    boolean inWord = false;
    for (int i = 0; i < json.length() && count <= limit; i++) {
      char c = json.charAt(i);
      if (inText) {
        inText = c != '"';
        i += c == '\\' ? 1 : 0;
        continue;
      }
      boolean word = false;
      switch (c) {
        case '"' -> {
          inText = true;
          count++;
        }
        case '[', '{' -> count++;
        case ']', '}', ',', ':', ' ', '\t', '\r', '\n' -> {
          // These characters begin no value.
        }
        default -> {
          word = true;
          count += inWord ? 0 : 1;
        }
      }
      inWord = word;
    }
    return count;
  }
}
