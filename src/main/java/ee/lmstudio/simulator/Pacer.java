package ee.lmstudio.simulator;

import java.time.Duration;

/** Keeps the time while an answer is played. Tests put one in that records instead of waiting. */
@FunctionalInterface
public interface Pacer {

  /** Starts the clock of one answer. */
  Pace start();

  /** The clock of one answer. Used by one thread. */
  @FunctionalInterface
  interface Pace {
    /**
     * Returns when {@code at} has passed since the start; at once if it already has.
     *
     * @throws InterruptedException if the client is gone or the simulator closes
     */
    void waitUntil(Duration at) throws InterruptedException;
  }

  /** Waits as long as it says. */
  static Pacer realTime() {
    return () -> {
      long started = System.nanoTime();
      return at -> {
        long left = at.toNanos() - (System.nanoTime() - started);
        if (left > 0) {
          Thread.sleep(Duration.ofNanos(left));
        }
      };
    };
  }

  /** Never waits: everything is sent as fast as the client reads it. */
  static Pacer immediate() {
    return () ->
        at -> {
          if (Thread.interrupted()) {
            throw new InterruptedException("The answer was given up");
          }
        };
  }
}
