package ee.lmstudio.run;

import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.stream.Cursor;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.telemetry.Observers;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.concurrent.locks.LockSupport;

/**
 * Fires the CDI events of every stream. A virtual thread for each stream reads the log through a
 * cursor, as every listener does; without observers there is no thread.
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

  /** Fires the events of a run until its last entry. */
  void follow(Run run) {
    if (!streamed.none() || !downgraded.none()) {
      Thread.ofVirtual().name("lmstudio-events").start(() -> publish(run));
    }
  }

  private void publish(Run run) {
    Thread reader = Thread.currentThread();
    try (Cursor cursor = Cursor.open(run.log(), 0, () -> LockSupport.unpark(reader))) {
      while (!cursor.finished()) {
        Entry entry = cursor.next();
        if (entry == null) {
          LockSupport.park(cursor);
        } else if (!run.log().refused()) {
          publish(run, entry);
        }
      }
    }
  }

  private void publish(Run run, Entry entry) {
    String id = run.id();
    String hash = run.head().promptHash();
    streamed.tell(new InferenceStreamed(id, entry.modelId(), hash, entry.cursor(), entry.event()));
    if (entry.event() instanceof StreamEvent.Downgraded(Downgrade(String reason, int attempts))) {
      downgraded.tell(new StreamingDowngraded(id, entry.modelId(), hash, reason, attempts));
    }
  }
}
