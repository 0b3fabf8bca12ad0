package ee.lmstudio.telemetry;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Does work on one thread of its own, in the order in which it was added. Callers never wait: work
 * beyond the limit is dropped. Without work there is no thread.
 */
final class Backlog {
  /** How much work may wait. */
  static final int MOST_WAITING = 10_000;

  /** How long the waiting work may take when the application ends. */
  private static final long TO_END_MILLIS = 1000;

  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor worker;
  private final AtomicLong lost = new AtomicLong();

  /**
   * @param threads creates the thread
   * @param logLoss logs that work was dropped; gets how much was lost so far
   */
  Backlog(ThreadFactory threads, LongConsumer logLoss) {
    worker =
        new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            threads,
            (work, full) -> lose(logLoss));
  }

  /** Queues work. Does not block. */
  void add(Runnable work) {
    worker.execute(work);
  }

  /** Counts a loss. Logs the first one, and then each time that the number has doubled. */
  void lose(LongConsumer logLoss) {
    long soFar = lost.incrementAndGet();
    if (Long.bitCount(soFar) == 1) {
      logLoss.accept(soFar);
    }
  }

  /** Waits a moment for the work that was added, and drops the rest. */
  void end() {
    worker.shutdown();
    try {
      worker.awaitTermination(TO_END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.shutdownNow();
  }
}
