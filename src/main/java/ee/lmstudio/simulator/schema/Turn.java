package ee.lmstudio.simulator.schema;

/**
 * The choices of one attempt to make a value. Turn 0 takes the first option of every choice; higher
 * turns take every other combination, as the digits of a number do. Used by one thread.
 */
final class Turn {
  private static final long MANY = 1_000;

  private int left;
  private long combinations = 1;

  Turn(int number) {
    this.left = number;
  }

  /** Returns the index of one of {@code options} options. */
  int pick(int options) {
    int picked = left % options;
    left /= options;
    combinations = Math.min(MANY, combinations * options);
    return picked;
  }

  /** Returns what the choices have left of the number, for the choices within the value. */
  int rest() {
    return left;
  }

  /** Returns how many combinations of the choices there are, or 1,000 if there are more. */
  int combinations() {
    return (int) combinations;
  }
}
