package ee.lmstudio.simulator.schema;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * A regular expression of JavaScript, as in {@code pattern}: it tells whether a text matches, and
 * writes texts that probably do. Back references are not supported.
 */
final class Regex {
  private final RegexNode tree;

  private Regex(RegexNode tree) {
    this.tree = tree;
  }

  /**
   * Parses an expression.
   *
   * @throws NoValue if it is not valid, or not supported
   */
  static Regex of(String expression) {
    return new Regex(new RegexParser(expression).parse());
  }

  /** Returns whether a part of {@code text} matches. */
  boolean matches(String text, Budget budget) {
    int[] codePoints = text.codePoints().toArray();
    BitSet anywhere = new BitSet();
    anywhere.set(0, codePoints.length + 1);
    return !tree.ends(new RegexNode.Input(codePoints, budget), anywhere).isEmpty();
  }

  /** Returns a text that matches, unless the expression has conditions that random texts miss. */
  String write(RandomGenerator random, int stretch, Budget budget) {
    StringBuilder text = new StringBuilder();
    tree.write(text, random, stretch, budget);
    return text.toString();
  }
}
