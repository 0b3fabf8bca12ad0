package ee.lmstudio.http.request;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.sdk.internal.json.ValueCount;
import java.util.HexFormat;
import java.util.List;

/**
 * Checks the shape of a JSON text before a parser recurses, computes or creates objects: its depth,
 * the length of its numbers, and how many values and names it has. Does not check the syntax.
 */
public final class JsonBounds {
  static final int MAX_DEPTH = 64;
  static final int MAX_DIGITS = 1000;

  /** Maximum number of values and of names of fields, at all levels together. */
  public static final int MAX_VALUES = 200_000;

  private int depth;
  private int digits;

  private JsonBounds() {}

  /**
   * Checks a text without allocations that depend on its length.
   *
   * @throws ApiException {@code malformed_json} if the text is too deep, has too long a number or
   *     half a surrogate pair; {@code validation_failed} if it has too many values
   */
  static void check(String text) {
    if (ValueCount.exceeds(text, MAX_VALUES)) {
      throw tooManyValues();
    }
    JsonBounds bounds = new JsonBounds();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bounds.take(c);
      if (c == '"') {
        i = endOfText(text, i + 1);
      }
    }
  }

  /** Takes a character that is not within a text. */
  private void take(char c) {
    if (c == '[' || c == '{') {
      depth++;
    } else if (c == ']' || c == '}') {
      depth--;
    }
    countDigits(c);
    if (depth > MAX_DEPTH) {
      throw ApiException.malformed(
          "The request body is nested deeper than " + MAX_DEPTH + " levels.");
    }
  }

  private void countDigits(char c) {
    if (c >= '0' && c <= '9') {
      digits++;
    } else if (".eE+-".indexOf(c) < 0) {
      digits = 0;
    }
    if (digits > MAX_DIGITS) {
      throw ApiException.malformed(
          "The request body has a number with more than " + MAX_DIGITS + " digits.");
    }
  }

  private static ApiException tooManyValues() {
    String reason =
        "has more than " + MAX_VALUES + " values and names of fields; the rest was not checked";
    return ApiException.wrongFields(List.of(new ApiError.Detail("", reason)), 0);
  }

  /**
   * Returns the position of the quote that ends a text. Refuses half a surrogate pair, which the
   * hash and the model would treat as a question mark.
   */
  private static int endOfText(String text, int start) {
    boolean half = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      char told = c == '\\' ? escaped(text, i) : c;
      if (half != Character.isLowSurrogate(told)) {
        throw ApiException.malformed("A text in the request body has half a surrogate pair.");
      }
      half = Character.isHighSurrogate(told);
      if (c == '\\') {
        i += text.startsWith("\\u", i) ? 5 : 1;
      } else if (c == '"') {
        return i;
      }
    }
    return text.length();
  }

  /** Returns the character that the numeric escape at {@code at} stands for. */
  private static char escaped(String text, int at) {
    if (!text.startsWith("\\u", at) || at + 6 > text.length()) {
      return ' ';
    }
    try {
      return (char) HexFormat.fromHexDigits(text, at + 2, at + 6);
    } catch (NumberFormatException notHex) {
      // The parser reports the invalid escape.
      return ' ';
    }
  }
}
