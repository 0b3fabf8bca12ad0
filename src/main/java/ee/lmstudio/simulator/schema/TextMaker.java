package ee.lmstudio.simulator.schema;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes the texts of a value, from the words of the question where possible. Used by one thread.
 */
final class TextMaker {
  private static final int ATTEMPTS = 200;
  private static final int LETTERS = 26;

  private final List<String> words;
  private final String plainWord;
  private final RandomGenerator random;
  private final SchemaCheck check;
  private final Budget budget;

  TextMaker(Question question, RandomGenerator random, SchemaCheck check, Budget budget) {
    this.words = words(question);
    this.plainWord =
        words.stream()
            .map(word -> word.toLowerCase(Locale.ROOT))
            .filter(word -> word.matches("[a-z]{1,12}"))
            .findFirst()
            .orElse("example");
    this.random = random;
    this.check = check;
    this.budget = budget;
  }

  /**
   * Returns the texts of the question that answer best: first a name, such as {@code Paris} in “the
   * weather in Paris”, then its last keyword.
   */
  private static List<String> words(Question question) {
    Set<String> words = new LinkedHashSet<>();
    List<String> all = question.words();
    all.stream()
        .skip(1)
        .filter(word -> Character.isUpperCase(word.codePointAt(0)) && word.length() > 1)
        .findFirst()
        .ifPresent(words::add);
    words.addAll(question.keywords().reversed());
    return words.isEmpty() ? List.of("something") : List.copyOf(words);
  }

  /**
   * Returns a text that all of {@code schemas} allow.
   *
   * @param turn other numbers give other texts
   */
  String text(List<JsonObject> schemas, int turn) {
    long least = 0;
    long most = Budget.MAX_CHARACTERS;
    for (JsonObject schema : schemas) {
      least = Math.max(least, SchemaDocument.size(schema, "minLength"));
      long limit = SchemaDocument.size(schema, "maxLength");
      most = limit < 0 ? most : Math.min(most, limit);
    }
    Budget.requireCharacters(least);
    if (least > most) {
      throw NoValue.because("minLength is " + least + ", but maxLength is " + most);
    }
    String text = fitting(schemas, (int) least, (int) most, turn);
    budget.characters(text.length());
    return text;
  }

  private String fitting(List<JsonObject> schemas, int least, int most, int turn) {
    List<String> patterns = texts(schemas, "pattern");
    List<TextFormat> formats =
        texts(schemas, "format").stream().flatMap(name -> TextFormat.of(name).stream()).toList();
    if (patterns.isEmpty() && formats.isEmpty()) {
      return plain(least, most, turn);
    }
    List<Regex> regexes = patterns.stream().map(check::regex).toList();
    for (int i = 0; i < ATTEMPTS; i++) {
      for (String candidate : candidates(regexes, formats, new int[] {least, most}, turn, i)) {
        int length = candidate.codePointCount(0, candidate.length());
        boolean fits =
            length >= least
                && length <= most
                && formats.stream().allMatch(format -> format.accepts(candidate))
                && regexes.stream().allMatch(regex -> regex.matches(candidate, budget));
        if (fits) {
          return candidate;
        }
      }
    }
    throw NoValue.because("no text was found for its pattern, format and lengths");
  }

  private static List<String> texts(List<JsonObject> schemas, String keyword) {
    return schemas.stream()
        .map(schema -> schema.get(keyword))
        .filter(JsonString.class::isInstance)
        .map(value -> ((JsonString) value).getString())
        .distinct()
        .toList();
  }

  private List<String> candidates(
      List<Regex> regexes, List<TextFormat> formats, int[] lengths, int turn, int attempt) {
    List<String> candidates = new ArrayList<>();
    formats.forEach(format -> candidates.add(format.write(turn + attempt, plainWord, random)));
    if (attempt == 0 && turn == 0 && formats.isEmpty()) {
      candidates.add(plain(lengths[0], lengths[1], turn));
    }
    if (!regexes.isEmpty()) {
      // Long texts need more repetitions. Every third attempt keeps them few.
      int stretch = attempt % 3 == 0 ? 2 + attempt / 10 : Math.max(8, lengths[0]) * (attempt % 3);
      Regex regex = regexes.get(attempt % regexes.size());
      candidates.add(regex.write(random, stretch, budget));
    }
    List<String> sized = new ArrayList<>(candidates);
    candidates.forEach(text -> sized.addAll(resized(text, lengths[0], lengths[1])));
    return sized;
  }

  /** Returns the text with letters before or after it, or cut, if its length is wrong. */
  private static List<String> resized(String text, int least, int most) {
    int length = text.codePointCount(0, text.length());
    if (length > most) {
      return List.of(text.substring(0, text.offsetByCodePoints(0, most)));
    }
    if (length < least) {
      String more = "x".repeat(least - length);
      return List.of(more + text, text + more); // The end of an address is a known name.
    }
    return List.of();
  }

  private String plain(int least, int most, int turn) {
    String word = words.get(turn % words.size());
    int number = turn / words.size();
    String text = number == 0 ? word : word + " " + (number + 1);
    int length = text.codePointCount(0, text.length());
    if (length > most) {
      return shortened(word, most, turn);
    }
    if (length < least) {
      String longer = (text + " ").repeat(least / (length + 1) + 1);
      return longer.substring(0, longer.offsetByCodePoints(0, least - 1)) + letters(turn, 1);
    }
    return text;
  }

  private static String shortened(String word, int most, int turn) {
    String suffix = turn == 0 ? "" : letters(turn - 1, most);
    int kept = most - suffix.length();
    int end = word.offsetByCodePoints(0, Math.min(kept, word.codePointCount(0, word.length())));
    return word.substring(0, end) + suffix;
  }

  /** Returns a number as at most {@code most} letters, the last ones. */
  private static String letters(int number, int most) {
    StringBuilder letters = new StringBuilder();
    for (int left = number; letters.length() < most; left = left / LETTERS - 1) {
      letters.insert(0, (char) ('a' + left % LETTERS));
      if (left < LETTERS) {
        break;
      }
    }
    return letters.toString();
  }

  /** Returns the name of a property that the schema does not name. */
  String name(int turn) {
    return turn == 0 ? plainWord : plainWord + "_" + (turn + 1);
  }
}
