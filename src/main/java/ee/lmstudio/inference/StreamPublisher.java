package ee.lmstudio.inference;

import ee.lmstudio.sdk.model.Downgrade;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Fires the CDI events of every stream. A stream is followed by a virtual thread of its own, which
 * reads the log as any listener does; without observers there is no thread.
 */
@ApplicationScoped
public class StreamPublisher {
  private static final Logger LOG = Logger.getLogger(StreamPublisher.class.getName());

  @Inject BeanManager beans;
  @Inject Event<InferenceStreamed> streamed;
  @Inject Event<StreamingDowngraded> downgraded;
  private boolean observed;

  @PostConstruct
  void lookForObservers() {
    var anEntry = new InferenceStreamed("", "", "", 1, new StreamEvent.Reset(""));
    var aDowngrade = new StreamingDowngraded("", "", "", "", 0);
    observed =
        !beans.resolveObserverMethods(anEntry).isEmpty()
            || !beans.resolveObserverMethods(aDowngrade).isEmpty();
  }

  /** Fires the events of a stream until its last entry. Call before the first one is written. */
  void follow(GenerationStream stream) {
    if (observed) {
      Thread.ofVirtual().name("lmstudio-events").start(() -> publish(stream));
    }
  }

  private void publish(GenerationStream stream) {
    Thread reader = Thread.currentThread();
    Runnable waker = () -> LockSupport.unpark(reader);
    StreamLog log = stream.log();
    log.addWaker(waker);
    stream.ended().whenComplete((ended, failed) -> LockSupport.unpark(reader));
    int seen = 0;
    while (!log.ended() || seen < log.lastCursor()) {
      if (seen < log.lastCursor()) {
        publish(stream, log.entry(++seen));
      } else if (stream.finishedAt().isPresent()) {
        break;
      } else {
        LockSupport.park(log);
      }
    }
    log.removeWaker(waker);
  }

  private void publish(GenerationStream stream, LogEntry entry) {
    String id = stream.id();
    String hash = stream.promptHash();
    fire(streamed, new InferenceStreamed(id, entry.modelId(), hash, entry.cursor(), entry.event()));
    if (entry.event() instanceof StreamEvent.Downgraded(Downgrade(String reason, int attempts))) {
      fire(downgraded, new StreamingDowngraded(id, entry.modelId(), hash, reason, attempts));
    }
  }

  private static <T> void fire(Event<T> event, T payload) {
    try {
      event.fire(payload);
    } catch (RuntimeException observers) {
      LOG.log(Level.WARNING, "An observer failed; the stream goes on", observers);
    }
  }
}
