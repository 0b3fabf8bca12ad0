package ee.lmstudio.rest.stream;

import ee.lmstudio.config.ServerSettings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Has each listener say that its connection lives when nothing was written for long. One timer. */
@ApplicationScoped
public class KeepAlive {
  private static final Logger LOG = Logger.getLogger(KeepAlive.class.getName());

  private final Set<EventStreamResponse> listeners = ConcurrentHashMap.newKeySet();
  @Inject ServerSettings settings;
  private ScheduledExecutorService clock;

  @PostConstruct
  void begin() {
    long silence = settings.streams().keepAlive().toNanos();
    long pause = Math.max(1, silence / 10);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lmstudio-keep-alive").factory());
    clock.scheduleWithFixedDelay(() -> look(silence), pause, pause, TimeUnit.NANOSECONDS);
  }

  void add(EventStreamResponse listener) {
    listeners.add(listener);
  }

  void remove(EventStreamResponse listener) {
    listeners.remove(listener);
  }

  private void look(long silence) {
    for (EventStreamResponse listener : listeners) {
      try {
        listener.keepAliveIfSilent(silence);
      } catch (RuntimeException defect) {
        LOG.log(Level.SEVERE, "A listener could not be kept alive", defect);
      }
    }
  }

  @PreDestroy
  void end() {
    clock.shutdownNow();
  }
}
