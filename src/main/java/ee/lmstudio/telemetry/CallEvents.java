package ee.lmstudio.telemetry;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Fires {@link SdkCallCompleted} on one thread, in the order in which the calls ended. Callers
 * never wait for a slow observer. Without observers there is no thread.
 */
@ApplicationScoped
public class CallEvents {
  private static final Logger LOG = Logger.getLogger(CallEvents.class.getName());

  @Inject BeanManager beans;
  private volatile Observers<SdkCallCompleted> observers;
  private Backlog backlog;

  @PostConstruct
  void begin() {
    backlog =
        new Backlog(
            Thread.ofPlatform().daemon().name("lmstudio-call-events").factory(),
            CallEvents::logLoss);
  }

  /** Queues the event for the observers. Does not block. */
  void fire(SdkCallCompleted event) {
    if (observers == null) {
      // Any event serves as the example. Two threads that come here at once find the same.
      observers = Observers.of(beans, event);
    }
    if (!observers.none()) {
      backlog.add(() -> observers.tell(event));
    }
  }

  private static void logLoss(long soFar) {
    LOG.log(
        Level.WARNING,
        "{0,choice,1#1 CDI event of a call was|1<{0} CDI events of calls were} dropped so far,"
            + " because {1} events are waiting for slow observers or the application is ending",
        new Object[] {soFar, Backlog.MOST_WAITING});
  }

  @PreDestroy
  void end() {
    backlog.end();
  }
}
