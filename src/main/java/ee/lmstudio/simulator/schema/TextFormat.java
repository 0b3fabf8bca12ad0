package ee.lmstudio.simulator.schema;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The values of {@code format} that the simulator obeys. It ignores others, such as "int32". */
enum TextFormat {
  DATE_TIME("2026-%02d-%02dT12:00:00Z", text -> parses(OffsetDateTime::parse, text)),
  DATE("2026-%02d-%02d", text -> parses(LocalDate::parse, text)),
  TIME("%02d:%02d:00Z", text -> parses(OffsetTime::parse, text)),
  DURATION("P%dDT%dH", "P(\\d+W|(?=.)(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=.)(\\d+H)?(\\d+M)?(\\d+S)?)?)"),
  EMAIL(
      "%3$s%1$s.%2$s@example.com",
      "[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]+(-+[A-Za-z0-9]+)*\\.)+[A-Za-z]{2,}"),
  IDN_EMAIL(EMAIL),
  HOSTNAME(
      "%3$s-%1$s-%2$s.example.com",
      "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9]{0,62}|[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
          + "(\\.[A-Za-z0-9]([A-Za-z0-9]{0,62}|[A-Za-z0-9-]{0,61}[A-Za-z0-9]))*"),
  IDN_HOSTNAME(HOSTNAME),
  IPV4("192.0.%d.%d", "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?=\\d)|$)){4}"),
  IPV6("2001:db8::%d:%d", TextFormat::isIpv6),
  URI("https://example.com/%3$s/%1$s/%2$s", TextFormat::isAddress),
  IRI(URI),
  URI_REFERENCE("/%3$s/%1$s/%2$s", TextFormat::isReference),
  IRI_REFERENCE(URI_REFERENCE),
  URI_TEMPLATE(
      "https://example.com/%3$s/{id}/%1$s/%2$s",
      "([A-Za-z0-9._~:/?#@!$&()*+;=-]|\\{\\w+(,\\w+)*})*"),
  UUID("%4$s", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
  JSON_POINTER("/%3$s/%1$s/%2$s", "(/[^/~]*)*"),
  RELATIVE_JSON_POINTER("%d/%2$s/%3$s", "(0|[1-9]\\d*)(#|(/[^/~]*)*)"),
  REGEX("^%3$s[a-z]{%1$s,}%2$s$", TextFormat::isRegex);

  /** Texts longer than this are not compared with a format, because some would take long. */
  private static final int MAX_CHARACTERS = 1_000;

  private static final int DAYS = 28;

  private final String template;
  private final Predicate<String> accepts;

  TextFormat(String template, Predicate<String> accepts) {
    this.template = template;
    this.accepts = accepts;
  }

  TextFormat(String template, String pattern) {
    this(template, text -> text.matches(pattern));
  }

  TextFormat(TextFormat same) {
    this(same.template, same.accepts);
  }

  private static final Map<String, TextFormat> BY_NAME = byName();

  private static Map<String, TextFormat> byName() {
    return Arrays.stream(values())
        .collect(
            Collectors.toMap(
                format -> format.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                format -> format));
  }

  static Optional<TextFormat> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * Returns a text of this format.
   *
   * @param turn other numbers give other texts
   * @param word lower-case letters
   */
  String write(int turn, String word, RandomGenerator random) {
    int one = this == TIME ? turn / 60 % 24 : 1 + turn / DAYS % 12;
    int two = this == TIME ? turn % 60 : 1 + turn % DAYS;
    String uuid =
        new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE)
            .toString();
    return template.formatted(one, two, word, uuid);
  }

  boolean accepts(String text) {
    return text.length() <= MAX_CHARACTERS && accepts.test(text);
  }

  /** Parses a text. */
  @FunctionalInterface
  private interface Parser {
    Object parse(CharSequence text);
  }

  private static boolean parses(Parser parser, String text) {
    try {
      parser.parse(text);
      return text.length() >= "12:00:00Z".length() && text.chars().allMatch(c -> c < 128);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isIpv6(String text) {
    try {
      // A text with a colon is never looked up.
      return text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
          && InetAddress.getByName(text).getHostAddress() != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isRegex(String text) {
    try {
      Regex.of(text);
      return true;
    } catch (NoValue invalid) {
      return false;
    }
  }

  private static boolean isAddress(String text) {
    return isReference(text) && text.matches("[A-Za-z][A-Za-z0-9+.-]*:.+");
  }

  private static boolean isReference(String text) {
    try {
      new URI(text);
      return text.chars().allMatch(c -> c < 128);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
