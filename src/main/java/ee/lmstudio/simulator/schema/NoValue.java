package ee.lmstudio.simulator.schema;

/**
 * Thrown if there is no value that a schema allows, or if none was found within the limits. The
 * message says why. It has no stack trace.
 */
public final class NoValue extends RuntimeException {
  private final boolean overLimit;

  private NoValue(String message, boolean overLimit) {
    super(message, null, false, false);
    this.overLimit = overLimit;
  }

  static NoValue because(String reason) {
    return new NoValue(reason, false);
  }

  /** Returns the exception for a schema that needs too much work. Trying again would not help. */
  static NoValue overLimit(String reason) {
    return new NoValue(reason, true);
  }

  /** Returns this exception for the value that contains the one that failed. */
  NoValue within(String name) {
    return new NoValue(name + ": " + getMessage(), overLimit);
  }

  boolean isOverLimit() {
    return overLimit;
  }
}
