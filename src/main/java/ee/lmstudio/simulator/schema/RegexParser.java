package ee.lmstudio.simulator.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/** Parses a regular expression of JavaScript with the flag {@code u}. Used once. */
final class RegexParser {
  static final IntPredicate DIGIT = c -> c >= '0' && c <= '9';
  static final IntPredicate WORD =
      c -> DIGIT.test(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  private static final IntPredicate SPACE =
      c ->
          "\t\n\u000b\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff".indexOf(c) >= 0
              || (c >= 0x2000 && c <= 0x200a);
  private static final IntPredicate LINE_END =
      c -> c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;

  private static final int MAX_CHARACTERS = 4_000;
  private static final int MAX_GROUPS = 100;
  private static final int LAST_SEARCHED = 0xFFFF;

  private final String source;
  private final int[] pattern;
  private int at;
  private int open;

  RegexParser(String source) {
    this.source = source;
    this.pattern = source.codePoints().toArray();
  }

  RegexNode parse() {
    if (pattern.length > MAX_CHARACTERS) {
      throw NoValue.because("its pattern has more than " + MAX_CHARACTERS + " characters");
    }
    RegexNode all = choice();
    if (at < pattern.length) {
      throw unsupported("')' without '('");
    }
    return all;
  }

  private RegexNode choice() {
    List<RegexNode> options = new ArrayList<>(List.of(sequence()));
    while (accept('|')) {
      options.add(sequence());
    }
    return options.size() == 1 ? options.getFirst() : new RegexNode.Choice(options);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (at < pattern.length && peek() != '|' && peek() != ')') {
      parts.add(repeated(atom()));
    }
    return new RegexNode.Sequence(parts);
  }

  private RegexNode repeated(RegexNode part) {
    int least;
    int most = Integer.MAX_VALUE;
    if (accept('*')) {
      least = 0;
    } else if (accept('+')) {
      least = 1;
    } else if (accept('?')) {
      least = 0;
      most = 1;
    } else if (peek() == '{' && isCount()) {
      at++;
      least = number();
      most = accept(',') ? (peek() == '}' ? Integer.MAX_VALUE : number()) : least;
      expect('}');
    } else {
      return part;
    }
    accept('?'); // Lazy or not, the same texts match.
    if (most < least) {
      throw unsupported("a count whose limits are in the wrong order");
    }
    return new RegexNode.Repeat(part, least, most);
  }

  private boolean isCount() {
    int end = at + 1;
    while (end < pattern.length && (DIGIT.test(pattern[end]) || pattern[end] == ',')) {
      end++;
    }
    return end < pattern.length && pattern[end] == '}' && DIGIT.test(pattern[at + 1]);
  }

  private int number() {
    long number = 0;
    while (DIGIT.test(peek())) {
      number = Math.min(number * 10 + next() - '0', Integer.MAX_VALUE);
    }
    return (int) number;
  }

  private RegexNode atom() {
    int c = next();
    return switch (c) {
      case '^' -> RegexNode.Place.START;
      case '$' -> RegexNode.Place.END;
      case '.' -> chars(LINE_END.negate());
      case '(' -> group();
      case '[' -> charClass();
      case '\\' -> escape();
      case '*', '+', '?', '{' -> throw unsupported("a quantifier without anything before it");
      default -> chars(x -> x == c, c);
    };
  }

  private RegexNode group() {
    if (++open > MAX_GROUPS) {
      throw unsupported("more than " + MAX_GROUPS + " groups");
    }
    Boolean ahead = null;
    boolean behind = false;
    if (accept('?')) {
      behind = accept('<');
      if (accept('=')) {
        ahead = true;
      } else if (accept('!')) {
        ahead = false;
      } else if (behind) {
        while (next() != '>') {
          // The name of a group does not change what matches.
        }
      } else if (!accept(':')) {
        throw unsupported("'(?'");
      }
    }
    RegexNode inner = choice();
    expect(')');
    return ahead == null ? inner : new RegexNode.Look(inner, behind, ahead);
  }

  private RegexNode escape() {
    int c = next();
    if (c == 'b' || c == 'B') {
      return c == 'b' ? RegexNode.Place.EDGE : RegexNode.Place.NO_EDGE;
    }
    IntPredicate set = set(c);
    if (set != null) {
      return chars(set);
    }
    if (c == 'k' || (c >= '1' && c <= '9')) {
      throw unsupported("a reference to a group");
    }
    int character = character(c);
    return chars(x -> x == character, character);
  }

  /** Returns the characters of an escape such as {@code \d}; null if it is one character. */
  private IntPredicate set(int c) {
    return switch (c) {
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.negate();
      case 'w' -> WORD;
      case 'W' -> WORD.negate();
      case 's' -> SPACE;
      case 'S' -> SPACE.negate();
      case 'p' -> property();
      case 'P' -> property().negate();
      default -> null;
    };
  }

  private IntPredicate property() {
    expect('{');
    StringBuilder name = new StringBuilder();
    while (peek() != '}') {
      name.appendCodePoint(next());
    }
    expect('}');
    String java = name.toString().replaceFirst("^(?:Script|sc)(?:_Extensions|x)?=", "Is");
    try {
      Pattern property =
          Pattern.compile(
              "\\p{"
                  + java.replaceFirst("^(?:gc|General_Category)=", "")
                      .replaceFirst("^Letter$", "L")
                      .replaceFirst("^Number$", "N")
                  + "}");
      return c -> property.matcher(Character.toString(c)).matches();
    } catch (PatternSyntaxException e) {
      throw unsupported("'\\p{" + name + "}'");
    }
  }

  /** Returns the character of an escape whose letter was read. */
  private int character(int c) {
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0b;
      case '0' -> 0;
      case 'c' -> next() % 32;
      case 'x' -> hex(2);
      case 'u' -> accept('{') ? braced() : unit();
      default -> c;
    };
  }

  private int braced() {
    int end = at;
    while (end < pattern.length && pattern[end] != '}') {
      end++;
    }
    int character = hex(end - at);
    expect('}');
    return character;
  }

  private int unit() {
    int first = hex(4);
    boolean pair =
        Character.isHighSurrogate((char) first)
            && at + 1 < pattern.length
            && pattern[at] == '\\'
            && pattern[at + 1] == 'u';
    if (!pair) {
      return first;
    }
    at += 2;
    return Character.toCodePoint((char) first, (char) hex(4));
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0 || value > Character.MAX_CODE_POINT) {
        throw unsupported("an escape without its hexadecimal digits");
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw unsupported("a character that does not exist");
    }
    return value;
  }

  private RegexNode charClass() {
    boolean negated = accept('^');
    IntPredicate any = c -> false;
    List<Integer> firsts = new ArrayList<>();
    while (peek() != ']') {
      int from = next();
      if (from == '\\') {
        int letter = next();
        IntPredicate set = set(letter);
        if (set != null) {
          any = any.or(set);
          continue;
        }
        from = characterInClass(letter);
      }
      int to = from;
      if (peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']') {
        next();
        int high = next();
        to = high == '\\' ? characterInClass(next()) : high;
      }
      if (to < from) {
        throw unsupported("a range in the wrong order");
      }
      int first = from;
      int last = to;
      any = any.or(c -> c >= first && c <= last);
      firsts.add(from);
    }
    expect(']');
    return negated
        ? chars(any.negate())
        : chars(any, firsts.stream().mapToInt(Integer::intValue).toArray());
  }

  private int characterInClass(int letter) {
    return letter == 'b' ? '\b' : character(letter);
  }

  /**
   * Returns a node for a set.
   *
   * @param known characters of the set; others are searched for
   */
  private RegexNode chars(IntPredicate allowed, int... known) {
    int[] ascii = IntStream.rangeClosed(' ', '~').filter(allowed).toArray();
    int[] examples = ascii.length > 0 ? ascii : known;
    if (examples.length == 0) {
      examples =
          IntStream.rangeClosed(0, LAST_SEARCHED)
              .filter(c -> !Character.isSurrogate((char) c))
              .filter(allowed)
              .limit(1)
              .toArray();
    }
    if (examples.length == 0) {
      throw NoValue.because("its pattern " + source + " has a set without characters");
    }
    int[] plain = IntStream.of(examples).filter(c -> WORD.test(c) && c != '_').toArray();
    return new RegexNode.Chars(allowed, examples, plain);
  }

  private int peek() {
    return at < pattern.length ? pattern[at] : -1;
  }

  private int next() {
    if (at >= pattern.length) {
      throw unsupported("an end in the middle of a group or an escape");
    }
    return pattern[at++];
  }

  private boolean accept(int c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(int c) {
    if (!accept(c)) {
      throw unsupported("no '" + Character.toString(c) + "' where one belongs");
    }
  }

  private NoValue unsupported(String what) {
    return NoValue.because(
        "its pattern "
            + source
            + " is not valid, or not supported by the simulator: it has "
            + what);
  }
}
