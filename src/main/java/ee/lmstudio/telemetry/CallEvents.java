package ee.lmstudio.telemetry;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Fires {@link SdkCallCompleted} on one thread, in the order in which the calls ended. Callers
 * never wait for a slow observer. Without observers there is no thread.
 */
@ApplicationScoped
public class CallEvents {
  /** How many events may wait for slow observers. */
  static final int MOST_WAITING = 10_000;

  /** How long observers may take for the waiting events when the application ends. */
  private static final long TO_TELL_MILLIS = 1000;

  private static final long IDLE_SECONDS = 10;
  private static final Logger LOG = Logger.getLogger(CallEvents.class.getName());

  @Inject BeanManager beans;
  private volatile Observers<SdkCallCompleted> observers;
  private final AtomicLong lost = new AtomicLong();
  private ThreadPoolExecutor teller;

  @PostConstruct
  void begin() {
    teller =
        new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("lmstudio-call-events").factory(),
            (event, full) -> logLoss(lost.incrementAndGet()));
  }

  /** Queues the event for the observers. Does not block. */
  void fire(SdkCallCompleted event) {
    if (observers == null) {
      // Any event serves as the example. Two threads that come here at once find the same.
      observers = Observers.of(beans, event);
    }
    if (!observers.none()) {
      teller.execute(() -> observers.tell(event));
    }
  }

  /** Logs the first loss, and then each time that the number has doubled. */
  private static void logLoss(long soFar) {
    if (Long.bitCount(soFar) == 1) {
      LOG.log(
          Level.WARNING,
          "{0} CDI events of calls were dropped so far, because {1} events are waiting for slow"
              + " observers or the application is ending",
          new Object[] {soFar, MOST_WAITING});
    }
  }

  @PreDestroy
  void end() {
    teller.shutdown();
    try {
      teller.awaitTermination(TO_TELL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    teller.shutdownNow();
  }
}
