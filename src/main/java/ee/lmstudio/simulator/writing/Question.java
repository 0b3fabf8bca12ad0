package ee.lmstudio.simulator.writing;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question, and the parts of it that an answer uses.
 *
 * @param text the last message of the user
 */
public record Question(String text) {
  private static final int READ_CHARACTERS = 4_000;
  private static final int MAX_WORD_CHARACTERS = 24;
  private static final int MAX_KEYWORDS = 6;
  private static final int QUOTED_WORDS = 7;
  private static final int DEFAULT_WORDS = 90;
  private static final int MAX_WORDS = 2_000;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}'’-]*");
  private static final Pattern LENGTH =
      Pattern.compile("(\\d{1,5})[- ]words?\\b", Pattern.CASE_INSENSITIVE);
  private static final Set<String> COMMON =
      Set.of(
          ("a about after all also an and any are as at be been before but by can could did do does"
               + " each for from get give had has have hello help here him his how into is it its"
               + " just know let like list made make many may more most much must my new not now of"
               + " on one only or other our out please say she should show some such tell than that"
               + " the their them then there these they this those to use using very want was way"
               + " well were what when where which while who why will with word words would write"
               + " you your explain describe")
              .split(" "));

  /**
   * Returns at most six words that tell the subject of the question; its first words if there are
   * no such words; an empty list if the question has no words.
   */
  public List<String> keywords() {
    List<String> words = words();
    List<String> telling = words.stream().filter(Question::tells).toList();
    return (telling.isEmpty() ? words : telling).stream().distinct().limit(MAX_KEYWORDS).toList();
  }

  private static boolean tells(String word) {
    return word.length() >= 3 && !COMMON.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Returns the first words of the question. */
  public String quote() {
    List<String> words = words();
    String start = String.join(" ", words.subList(0, Math.min(words.size(), QUOTED_WORDS)));
    return words.size() > QUOTED_WORDS ? start + " …" : start;
  }

  /** Returns how many words the answer should have: the number in the question, or about ninety. */
  public int wantedWords() {
    Matcher length = LENGTH.matcher(read());
    return length.find() ? Math.min(MAX_WORDS, Integer.parseInt(length.group(1))) : DEFAULT_WORDS;
  }

  /** Returns whether the question contains one of {@code words}, ignoring case. */
  public boolean mentions(String... words) {
    String plain = read().toLowerCase(Locale.ROOT);
    for (String word : words) {
      if (plain.contains(word.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the words of the question, with long ones shortened. */
  public List<String> words() {
    return WORD.matcher(read())
        .results()
        .map(MatchResult::group)
        .map(
            word ->
                word.length() > MAX_WORD_CHARACTERS
                    ? word.substring(0, word.offsetByCodePoints(0, MAX_WORD_CHARACTERS / 2))
                    : word)
        .toList();
  }

  private String read() {
    return text.length() > READ_CHARACTERS ? text.substring(0, READ_CHARACTERS) : text;
  }
}
