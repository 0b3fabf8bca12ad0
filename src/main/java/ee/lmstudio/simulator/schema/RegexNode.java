package ee.lmstudio.simulator.schema;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * A part of a regular expression. Matching keeps the set of all positions where a match can end, so
 * that no expression takes exponential time.
 */
sealed interface RegexNode {

  /** A text to match, and the budget that matching uses. */
  record Input(int[] codePoints, Budget budget) {

    boolean isWord(int position) {
      return position >= 0
          && position < codePoints.length
          && RegexParser.WORD.test(codePoints[position]);
    }
  }

  /** Returns where a match can end that begins at one of {@code starts}. */
  BitSet ends(Input input, BitSet starts);

  /**
   * Appends a text that matches, apart from anchors and what looks ahead or behind.
   *
   * @param stretch how many more repetitions than necessary are written at most
   */
  void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget);

  /** One character of a set. {@code examples} are characters of the set, at least one. */
  record Chars(IntPredicate allowed, int[] examples, int[] plain) implements RegexNode {
    private static final int USUALLY = 8;

    @Override
    public BitSet ends(Input input, BitSet starts) {
      input.budget().steps(1 + starts.cardinality());
      BitSet ends = new BitSet();
      int length = input.codePoints().length;
      for (int at = starts.nextSetBit(0); at >= 0 && at < length; at = starts.nextSetBit(at + 1)) {
        if (allowed.test(input.codePoints()[at])) {
          ends.set(at + 1);
        }
      }
      return ends;
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      budget.steps(1);
      Budget.requireCharacters(text.length());
      int[] from = plain.length > 0 && random.nextInt(USUALLY) > 0 ? plain : examples;
      text.appendCodePoint(from[random.nextInt(from.length)]);
    }
  }

  /** Several parts, one after the other. */
  record Sequence(List<RegexNode> parts) implements RegexNode {
    @Override
    public BitSet ends(Input input, BitSet starts) {
      BitSet here = starts;
      for (RegexNode part : parts) {
        here = part.ends(input, here);
        if (here.isEmpty()) {
          return here;
        }
      }
      return here;
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      parts.forEach(part -> part.write(text, random, stretch, budget));
    }
  }

  /** One of several parts. */
  record Choice(List<RegexNode> options) implements RegexNode {
    @Override
    public BitSet ends(Input input, BitSet starts) {
      BitSet ends = new BitSet();
      options.forEach(option -> ends.or(option.ends(input, starts)));
      return ends;
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      options.get(random.nextInt(options.size())).write(text, random, stretch, budget);
    }
  }

  /** A part that is repeated. {@code most} is {@link Integer#MAX_VALUE} if there is no limit. */
  record Repeat(RegexNode part, int least, int most) implements RegexNode {
    @Override
    public BitSet ends(Input input, BitSet starts) {
      BitSet here = starts;
      for (int i = 0; i < least && !here.isEmpty(); i++) {
        BitSet next = part.ends(input, here);
        if (next.equals(here)) {
          break; // The part matches nothing, so it does so any number of times.
        }
        here = next;
      }
      BitSet ends = (BitSet) here.clone();
      BitSet fresh = here;
      for (int i = least; i < most && !fresh.isEmpty(); i++) {
        BitSet next = part.ends(input, fresh);
        next.andNot(ends);
        ends.or(next);
        fresh = next;
      }
      return ends;
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      int more = random.nextInt(Math.min(most - least, stretch) + 1);
      for (int i = 0; i < least + more; i++) {
        budget.steps(1);
        part.write(text, random, stretch, budget);
      }
    }
  }

  /** The beginning ({@code ^}), the end ({@code $}), or the edge of a word. It has no width. */
  enum Place implements RegexNode {
    START,
    END,
    EDGE,
    NO_EDGE;

    @Override
    public BitSet ends(Input input, BitSet starts) {
      input.budget().steps(1 + starts.cardinality());
      BitSet ends = new BitSet();
      starts.stream().filter(at -> isAt(input, at)).forEach(ends::set);
      return ends;
    }

    private boolean isAt(Input input, int at) {
      boolean edge = input.isWord(at - 1) != input.isWord(at);
      return switch (this) {
        case START -> at == 0;
        case END -> at == input.codePoints().length;
        case EDGE -> edge;
        case NO_EDGE -> !edge;
      };
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      // Nothing is written for a place. The whole text is checked afterwards.
    }
  }

  /** A condition on the text after a position, or before it. It has no width. */
  record Look(RegexNode part, boolean behind, boolean wanted) implements RegexNode {
    @Override
    public BitSet ends(Input input, BitSet starts) {
      BitSet ends = new BitSet();
      starts.stream().filter(at -> holds(input, at) == wanted).forEach(ends::set);
      return ends;
    }

    private boolean holds(Input input, int at) {
      BitSet from = new BitSet();
      if (behind) {
        from.set(0, at + 1);
        return part.ends(input, from).get(at);
      }
      from.set(at);
      return !part.ends(input, from).isEmpty();
    }

    @Override
    public void write(StringBuilder text, RandomGenerator random, int stretch, Budget budget) {
      // The whole text is checked afterwards.
    }
  }
}
