package ee.lmstudio.simulator.schema;

/** The work that one value may cost. It bounds time and size for any schema. Used by one thread. */
final class Budget {
  static final int MAX_DEPTH = 64;
  static final int MAX_VALUES = 10_000;
  static final int MAX_CHARACTERS = 200_000;

  /** A step takes about a microsecond. */
  private static final int MAX_STEPS = 500_000;

  private static final int STEPS_A_VALUE = 20;

  private long steps;
  private long values;

  /** Counts work. */
  void steps(long more) {
    steps += more;
    if (steps > MAX_STEPS) {
      throw NoValue.overLimit("the simulator has not found a value in " + MAX_STEPS + " steps");
    }
  }

  /** Counts a value that was made, also if it is not used. */
  void value() {
    steps(STEPS_A_VALUE);
    values++;
  }

  /** Returns how many values were made. */
  long values() {
    return values;
  }

  void characters(long more) {
    steps(more / 8);
  }

  /** Refuses {@code wanted} values at once. */
  static void requireValues(long wanted) {
    if (wanted > MAX_VALUES) {
      throw NoValue.overLimit(
          "it needs " + wanted + " values, but the simulator makes at most " + MAX_VALUES);
    }
  }

  /** Refuses a text of {@code wanted} characters. */
  static void requireCharacters(long wanted) {
    if (wanted > MAX_CHARACTERS) {
      throw NoValue.overLimit(
          "it needs a text of "
              + wanted
              + " characters, but the simulator writes at most "
              + MAX_CHARACTERS);
    }
  }
}
