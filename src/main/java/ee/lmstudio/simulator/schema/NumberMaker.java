package ee.lmstudio.simulator.schema;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Makes the numbers of a value: one of the question if it is allowed. Used by one thread. */
final class NumberMaker {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final int MAX_DIGITS = 400;
  private static final int USUAL_SPAN = 9;
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** The limits of a number; null: there is none. */
  private static final class Range {
    private BigDecimal low;
    private BigDecimal high;
    private boolean withoutLow;
    private boolean withoutHigh;

    boolean allows(BigDecimal value) {
      int toLow = low == null ? 1 : value.compareTo(low);
      int toHigh = high == null ? -1 : value.compareTo(high);
      return (toLow > 0 || (toLow == 0 && !withoutLow))
          && (toHigh < 0 || (toHigh == 0 && !withoutHigh));
    }

    void atLeast(BigDecimal limit, boolean exclusive) {
      int compared = low == null ? 1 : limit.compareTo(low);
      withoutLow = compared > 0 ? exclusive : withoutLow || (compared == 0 && exclusive);
      low = compared > 0 ? limit : low;
    }

    void atMost(BigDecimal limit, boolean exclusive) {
      int compared = high == null ? -1 : limit.compareTo(high);
      withoutHigh = compared < 0 ? exclusive : withoutHigh || (compared == 0 && exclusive);
      high = compared < 0 ? limit : high;
    }
  }

  private final Optional<BigDecimal> asked;
  private final RandomGenerator random;

  NumberMaker(Question question, RandomGenerator random) {
    this.asked =
        question.words().stream()
            .filter(word -> NUMBER.matcher(word).matches())
            .map(BigDecimal::new)
            .findFirst();
    this.random = random;
  }

  /**
   * Returns a number that all of {@code schemas} allow.
   *
   * @param turn other numbers give other results
   */
  BigDecimal number(List<JsonObject> schemas, boolean whole, int turn) {
    Range range = new Range();
    BigDecimal step = whole ? BigDecimal.ONE : null;
    for (JsonObject schema : schemas) {
      limit(range, schema);
      BigDecimal multiple = decimal(schema.get("multipleOf"));
      if (multiple != null && multiple.signum() > 0) {
        step = step == null ? multiple : commonMultiple(step, multiple);
      }
    }
    return step == null ? between(range, turn) : multiple(range, step, turn);
  }

  private static void limit(Range range, JsonObject schema) {
    BigDecimal low = decimal(schema.get("minimum"));
    BigDecimal high = decimal(schema.get("maximum"));
    // In draft 4, the exclusive limits are booleans.
    if (low != null) {
      range.atLeast(low, schema.get("exclusiveMinimum") == JsonValue.TRUE);
    }
    if (high != null) {
      range.atMost(high, schema.get("exclusiveMaximum") == JsonValue.TRUE);
    }
    BigDecimal above = decimal(schema.get("exclusiveMinimum"));
    BigDecimal below = decimal(schema.get("exclusiveMaximum"));
    if (above != null) {
      range.atLeast(above, true);
    }
    if (below != null) {
      range.atMost(below, true);
    }
  }

  /** Returns a number of the schema; null if the value is something else. */
  static BigDecimal decimal(JsonValue value) {
    if (!(value instanceof JsonNumber number)) {
      return null;
    }
    BigDecimal decimal = number.bigDecimalValue();
    if (decimal.precision() > MAX_DIGITS || Math.abs((long) decimal.scale()) > MAX_DIGITS) {
      throw NoValue.overLimit("it has a number with more than " + MAX_DIGITS + " digits");
    }
    return decimal;
  }

  private static BigDecimal commonMultiple(BigDecimal one, BigDecimal other) {
    int scale = Math.max(0, Math.max(one.scale(), other.scale()));
    BigInteger a = one.setScale(scale).unscaledValue();
    BigInteger b = other.setScale(scale).unscaledValue();
    BigDecimal common = new BigDecimal(a.divide(a.gcd(b)).multiply(b), scale);
    if (common.precision() > MAX_DIGITS) {
      throw NoValue.overLimit("a multiple of all its numbers has more digits than " + MAX_DIGITS);
    }
    return common;
  }

  private BigDecimal multiple(Range range, BigDecimal step, int turn) {
    if (turn == 0 && asked.isPresent() && range.allows(asked.get())) {
      if (asked.get().remainder(step).signum() == 0) {
        return asked.get();
      }
    }
    BigInteger first = range.low == null ? null : quotient(range.low, step, RoundingMode.CEILING);
    BigInteger last = range.high == null ? null : quotient(range.high, step, RoundingMode.FLOOR);
    if (first != null && range.withoutLow && !range.allows(times(first, step))) {
      first = first.add(BigInteger.ONE);
    }
    if (last != null && range.withoutHigh && !range.allows(times(last, step))) {
      last = last.subtract(BigInteger.ONE);
    }
    BigInteger span = BigInteger.valueOf(USUAL_SPAN + turn);
    if (first == null) {
      boolean common = last == null || last.signum() > 0;
      first = common ? BigInteger.ONE : last.subtract(span);
    }
    last = last == null ? first.add(span) : last.min(first.add(span));
    int count = last.subtract(first).intValueExact() + 1;
    if (count < 1) {
      throw NoValue.because("no number is within its limits and a multiple of " + step);
    }
    int chosen = turn == 0 ? random.nextInt(count) : (turn - 1) % count;
    return times(first.add(BigInteger.valueOf(chosen)), step);
  }

  private static BigInteger quotient(BigDecimal limit, BigDecimal step, RoundingMode mode) {
    return limit.divide(step, 0, mode).toBigIntegerExact();
  }

  private static BigDecimal times(BigInteger count, BigDecimal step) {
    return new BigDecimal(count).multiply(step);
  }

  private BigDecimal between(Range range, int turn) {
    BigDecimal wanted =
        asked.orElseGet(() -> BigDecimal.valueOf(random.nextLong(1, USUAL_SPAN + 2L)));
    BigDecimal more = BigDecimal.valueOf(turn);
    for (BigDecimal candidate : List.of(wanted.add(HALF), wanted)) {
      if (range.allows(candidate.add(more))) {
        return candidate.add(more);
      }
    }
    if (range.low == null || range.high == null) {
      return range.low == null
          ? range.high.subtract(HALF).subtract(more)
          : range.low.add(HALF).add(more);
    }
    // Halving often enough gives a new number each turn.
    BigDecimal width = range.high.subtract(range.low);
    BigDecimal part =
        width.divide(BigDecimal.valueOf(2L + turn), width.scale() + 6, RoundingMode.DOWN);
    for (BigDecimal candidate :
        List.of(range.low.add(part), range.low.add(width.multiply(HALF)), range.low, range.high)) {
      if (range.allows(candidate)) {
        return candidate;
      }
    }
    throw NoValue.because("no number is within its limits");
  }
}
