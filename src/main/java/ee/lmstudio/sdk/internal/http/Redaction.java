package ee.lmstudio.sdk.internal.http;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes somebody else's text fit for a message: one line, short, and without the key. LM Studio
 * repeats the first characters of a token that it refuses.
 */
final class Redaction {
  private static final int LONGEST = 200;

  /** What a text says is looked for no further back. */
  private static final int LONGEST_LINE = 4096;

  /** Of a text of megabytes nothing further back could be shown. */
  private static final int LOOKED_AT = 64 << 10;

  private static final int SHORTEST_FRAGMENT = 4;
  private static final Pattern LM_STUDIO_TOKEN = Pattern.compile("sk-lm-[A-Za-z0-9:_-]*");
  private static final Pattern SCHEME = Pattern.compile("^(Bearer|Basic) +");
  private static final Pattern NOT_PRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\s]+");

  private final Optional<String> key;
  private final List<String> headerValues;

  /**
   * @param key never shown, nor how it begins
   * @param headerValues never shown whole, since a header may hold a key, too
   */
  Redaction(Optional<String> key, Collection<String> headerValues) {
    this.key = key.filter(k -> k.length() >= SHORTEST_FRAGMENT);
    this.headerValues =
        headerValues.stream()
            .flatMap(value -> Stream.of(value, SCHEME.matcher(value).replaceFirst("")))
            .filter(value -> value.length() >= SHORTEST_FRAGMENT)
            .toList();
  }

  /** Fit to be shown, and short. */
  String clean(String whole) {
    return shortened(line(whole));
  }

  /** Fit to be shown, but for its length: up to 4,096 characters. */
  String line(String whole) {
    String text = whole.length() <= LOOKED_AT ? whole : whole.substring(0, LOOKED_AT);
    String clean = key.map(k -> withoutPrefixesOf(k, text)).orElse(text);
    for (String value : headerValues) {
      clean = clean.replace(value, "***");
    }
    clean = LM_STUDIO_TOKEN.matcher(clean).replaceAll("***");
    clean = NOT_PRINTABLE.matcher(clean).replaceAll(" ").strip();
    return clean.length() <= LONGEST_LINE ? clean : clean.substring(0, LONGEST_LINE);
  }

  static String shortened(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** Longest first, so that no rest of a fragment stays. */
  private static String withoutPrefixesOf(String key, String text) {
    String clean = text;
    for (int length = key.length(); length >= SHORTEST_FRAGMENT; length--) {
      clean = clean.replace(key.substring(0, length), "***");
    }
    return clean;
  }
}
