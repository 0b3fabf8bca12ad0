package ee.lmstudio.sdk.internal.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prepares foreign text for a message: shortens it, and removes line breaks and secrets. LM Studio
 * repeats the first characters of a token that it refuses.
 */
final class Redaction {
  private static final int LONGEST = 200;

  /** Maximum length of a line that is searched for known error texts. */
  private static final int LONGEST_LINE = 4096;

  /** Maximum length of text that is cleaned; the rest is never shown. */
  private static final int LOOKED_AT = 64 << 10;

  private static final int SHORTEST_SECRET = 4;

  /** A prefix of the key with at least this length is always treated as part of the key. */
  private static final int SURE_FRAGMENT = 8;

  private static final String HIDDEN = "***";
  private static final String NO_WORD_BEFORE = "(?<![\\p{Alnum}_-])";
  private static final String NO_WORD_AFTER = "(?![\\p{Alnum}_-])";

  /** Names of headers whose values are secrets. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "auth|key|token|secret|cookie|passw|credential|session|signature",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern LM_STUDIO_TOKEN = Pattern.compile("sk-lm-[A-Za-z0-9:_-]*");

  /**
   * Matches texts such as "API token provided: 22aac52a71...", in which a part of a secret follows
   * the colon.
   */
  private static final Pattern AFTER_A_PHRASE =
      Pattern.compile(
          "((?:api[ _-]?(?:key|token)|(?:access|bearer|auth|refresh)["
              + " _-]?token|authorization|password|(?:token|key|credentials?)(?="
              + " (?:provided|given|received|supplied)))"
              + "[^:=]{0,24}[:=](?!//)\\s*(?!https?://)[\"'`]?)(?:(?:Bearer|Basic)\\s+)?[^\\s\"'`,;)]+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BEARER =
      Pattern.compile("\\b(Bearer|Basic)\\s+[A-Za-z0-9._~+/=:-]{8,}", Pattern.CASE_INSENSITIVE);

  private static final Pattern SCHEME = Pattern.compile("^(Bearer|Basic) +");
  private static final Pattern NOT_PRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\s]+");

  private final Optional<String> key;
  private final List<Pattern> secrets;

  /**
   * @param key the API key; neither the key nor its prefixes are shown
   * @param headers extra headers by name; the values of headers with secrets are not shown
   */
  Redaction(Optional<String> key, Map<String, String> headers) {
    this.key = key.filter(k -> k.length() >= SHORTEST_SECRET);
    this.secrets =
        Stream.concat(
                this.key.stream().flatMap(Redaction::otherForms),
                headers.entrySet().stream()
                    .filter(header -> SECRET_NAME.matcher(header.getKey()).find())
                    .map(Map.Entry::getValue)
                    .flatMap(Redaction::parts)
                    .filter(value -> value.length() >= SHORTEST_SECRET)
                    .map(value -> NO_WORD_BEFORE + Pattern.quote(value) + NO_WORD_AFTER))
            .map(Pattern::compile)
            .toList();
  }

  /** Returns patterns of the key's halves, and of the key as a URL or Base64 writes it. */
  private static Stream<String> otherForms(String key) {
    String base64 =
        Base64.getEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    return Stream.concat(
            Stream.of(key.split(":")).skip(1),
            Stream.of(
                URLEncoder.encode(key, StandardCharsets.UTF_8),
                // The last characters depend on what follows the key.
                base64.substring(0, base64.length() - 2)))
        .filter(form -> form.length() >= SURE_FRAGMENT)
        .map(Pattern::quote);
  }

  /**
   * Returns the parts of a value that are hidden: the whole value, the value without its scheme,
   * and each value of a cookie.
   */
  private static Stream<String> parts(String value) {
    Stream<String> cookies =
        Stream.of(value.split(";"))
            .filter(pair -> pair.indexOf('=') >= 0)
            .map(pair -> pair.substring(pair.indexOf('=') + 1).strip());
    return Stream.concat(Stream.of(value, SCHEME.matcher(value).replaceFirst("")), cookies);
  }

  /** Returns the text without secrets, shortened for a message. */
  String clean(String whole) {
    return shortened(line(whole));
  }

  /** Returns the text without secrets, with up to 4,096 characters. */
  String line(String whole) {
    String text = whole.length() <= LOOKED_AT ? whole : whole.substring(0, LOOKED_AT);
    String clean = text;
    // First, because a form of the key can begin as the key does.
    for (Pattern secret : secrets) {
      clean = secret.matcher(clean).replaceAll(HIDDEN);
    }
    if (key.isPresent()) {
      clean = withoutKey(key.get(), clean);
    }
    clean = LM_STUDIO_TOKEN.matcher(clean).replaceAll(HIDDEN);
    clean = AFTER_A_PHRASE.matcher(clean).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
    clean = BEARER.matcher(clean).replaceAll("$1 " + Matcher.quoteReplacement(HIDDEN));
    clean = NOT_PRINTABLE.matcher(clean).replaceAll(" ").strip();
    return clean.length() <= LONGEST_LINE ? clean : clean.substring(0, LONGEST_LINE);
  }

  static String shortened(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /**
   * Hides the key, and each prefix of it that is long or visibly cut off. Longer prefixes are
   * replaced first, so that no rest remains.
   */
  private static String withoutKey(String key, String text) {
    if (!text.contains(key.substring(0, SHORTEST_SECRET))) {
      return text;
    }
    String clean = text.replaceAll(NO_WORD_BEFORE + Pattern.quote(key) + NO_WORD_AFTER, HIDDEN);
    for (int length = key.length(); length >= SHORTEST_SECRET; length--) {
      String fragment = NO_WORD_BEFORE + Pattern.quote(key.substring(0, length));
      String after = length >= SURE_FRAGMENT ? "" : "(?=…|\\.\\.|\\*)";
      clean = clean.replaceAll(fragment + after, HIDDEN);
    }
    return clean;
  }
}
