package ee.lmstudio.inference;

import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.telemetry.Observers;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.concurrent.locks.LockSupport;

/**
 * Fires the CDI events of every stream. A stream is followed by a virtual thread of its own, which
 * reads the log as any listener does; without observers there is no thread.
 */
@ApplicationScoped
public class StreamPublisher {
  @Inject BeanManager beans;
  private Observers<InferenceStreamed> streamed;
  private Observers<StreamingDowngraded> downgraded;

  @PostConstruct
  void lookForObservers() {
    var anEntry = new InferenceStreamed("", "", "", 1, new StreamEvent.Reset(""));
    var aDowngrade = new StreamingDowngraded("", "", "", "", 0);
    streamed = Observers.of(beans, anEntry);
    downgraded = Observers.of(beans, aDowngrade);
  }

  /** Fires the events of a stream until its last entry. Call before the first one is written. */
  void follow(GenerationStream stream) {
    if (!streamed.none() || !downgraded.none()) {
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
    for (boolean over = false; !over; ) {
      // Asked first: what is over has all its entries.
      over = stream.over();
      while (seen < log.lastCursor()) {
        publish(stream, log.entry(++seen));
      }
      if (!over) {
        LockSupport.park(log);
      }
    }
    log.removeWaker(waker);
  }

  private void publish(GenerationStream stream, LogEntry entry) {
    String id = stream.id();
    String hash = stream.promptHash();
    streamed.tell(new InferenceStreamed(id, entry.modelId(), hash, entry.cursor(), entry.event()));
    if (entry.event() instanceof StreamEvent.Downgraded(Downgrade(String reason, int attempts))) {
      downgraded.tell(new StreamingDowngraded(id, entry.modelId(), hash, reason, attempts));
    }
  }
}
