package ee.lmstudio.server;

import ee.lmstudio.run.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stops in order, while the server still answers: no new streams; those that run get {@code
 * lm-studio.stop-patience}, then they are cancelled; then every listener gets its last bytes.
 *
 * <p>When an application is taken down it is told too late for that: it is not reachable any more.
 * So this listens to Payara's own announcement. On another server, and when only the application is
 * taken down, the streams still end as they should, but new requests are the server's to refuse.
 */
@ApplicationScoped
public class GracefulStop {
  private static final Logger LOG = Logger.getLogger(GracefulStop.class.getName());

  /** For what is written already and on its way to who reads slowly. */
  private static final Duration TO_DELIVER = Duration.ofSeconds(2);

  @Inject Runs runs;
  @Inject OpenRequests requests;
  private final ShutdownNotice notice = new ShutdownNotice(this::stop);

  void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
    notice.subscribe();
  }

  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
    notice.unsubscribe();
  }

  private void stop() {
    LOG.info("Stopping: no new streams, and those that run may end");
    runs.stop();
    try {
      int cutOff = requests.awaitNone(TO_DELIVER);
      if (cutOff > 0) {
        LOG.log(Level.WARNING, "{0} requests were not read to their end in time", cutOff);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
