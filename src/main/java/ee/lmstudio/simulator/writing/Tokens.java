package ee.lmstudio.simulator.writing;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Cuts text into tokens of a realistic size: a short word with its space, a part of a long word, or
 * a punctuation mark. The joined tokens are the text again. An emoji of several code points becomes
 * several tokens, as in real models. No code point is cut.
 */
public final class Tokens {
  private static final int CHARACTERS_A_TOKEN = 4;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\n+|[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]| ?[\\p{L}\\p{M}\\p{N}_'’]{1,8}|.",
          Pattern.DOTALL);

  private Tokens() {}

  /** Returns the tokens of {@code text}. */
  public static List<String> of(String text) {
    return TOKEN.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Returns an estimate of the tokens of {@code text}: a quarter of its characters, rounded up. */
  public static int estimate(String text) {
    return (text.length() + CHARACTERS_A_TOKEN - 1) / CHARACTERS_A_TOKEN;
  }
}
