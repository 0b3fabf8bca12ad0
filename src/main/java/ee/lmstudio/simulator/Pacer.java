package ee.lmstudio.simulator;

import java.time.Duration;

/**
 * Keeps the time while an answer is sent. Tests use one that records the waits instead of waiting.
 */
@FunctionalInterface
public interface Pacer {

  /** Starts the clock of one answer. */
  Pace start();

  /** The clock of one answer. Used by one thread. */
  @FunctionalInterface
  interface Pace {
    /**
     * Waits until {@code at} has passed since the start; returns immediately if it has passed
     * already.
     *
     * @throws InterruptedException if the client has disconnected or the simulator is closing
     */
    void waitUntil(Duration at) throws InterruptedException;
  }

  /** Waits in real time. */
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

  /** Never waits: the answer is sent as fast as the client reads it. */
  static Pacer immediate() {
    return () ->
        at -> {
          if (Thread.interrupted()) {
            throw new InterruptedException("The answer was abandoned");
          }
        };
  }
}
