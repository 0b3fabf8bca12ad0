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
 * Stops the application in order, while the server still answers requests. No new streams are
 * accepted. Running streams may continue for {@code lm-studio.stop-patience}; then they are
 * cancelled. Finally every listener gets time to receive its last bytes.
 *
 * <p>When an application learns that it is being taken down, requests do not reach it any more. So
 * this class listens to Payara's own announcement of the stop. On another server, and when only the
 * application is undeployed, the streams still end in order, but the server refuses new requests
 * itself.
 */
@ApplicationScoped
public class GracefulStop {
  private static final Logger LOG = Logger.getLogger(GracefulStop.class.getName());

  /** Grace period for bytes that were written but not yet read by slow clients. */
  private static final Duration TO_DELIVER = Duration.ofSeconds(2);

  @Inject Runs runs;
  @Inject OpenRequests requests;
  private final ServerEvents stopping = new ServerEvents(ServerEvents.STOPPING, this::stop);

  void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
    stopping.subscribe();
  }

  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
    stopping.unsubscribe();
    PackagedServer.applicationGone();
  }

  private void stop() {
    LOG.info(
        "The server is stopping. New streams are refused; running streams may continue for"
            + " lm-studio.stop-patience");
    runs.stop();
    try {
      long end = System.nanoTime() + TO_DELIVER.toNanos();
      int cutOff = requests.awaitNone(TO_DELIVER);
      if (cutOff == 0) {
        // A request has ended before its last bytes are written.
        cutOff = PackagedServer.awaitWritten(Duration.ofNanos(end - System.nanoTime()));
      }
      if (cutOff > 0) {
        LOG.log(
            Level.WARNING,
            "{0,choice,1#1 response was|1<{0} responses were} cut off, because clients did not read"
                + " in time",
            cutOff);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
