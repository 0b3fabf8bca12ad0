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
 * Fires {@link SdkCallCompleted} on one thread, in the order in which calls ended. Without
 * observers there is no thread; nobody waits for one that is slow.
 */
@ApplicationScoped
public class CallEvents {
  /** Events that may wait for slow observers. */
  static final int MOST_WAITING = 10_000;

  /** How long those that wait may take when the application ends. */
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

  /** Does not wait. */
  void fire(SdkCallCompleted event) {
    if (observers == null) {
      // Any event will do as the example; two threads find the same.
      observers = Observers.of(beans, event);
    }
    if (!observers.none()) {
      teller.execute(() -> observers.tell(event));
    }
  }

  /** The first one, and then ever more seldom. */
  private static void logLoss(long soFar) {
    if (Long.bitCount(soFar) == 1) {
      LOG.log(
          Level.WARNING,
          "Events of calls are lost, {0} so far: {1} wait already, or the application ends",
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
