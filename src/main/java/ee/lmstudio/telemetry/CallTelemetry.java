package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Receives the record of every call to every upstream, and passes it to the log, the action log,
 * the metrics and the observers.
 */
@ApplicationScoped
public class CallTelemetry {
  /** The name of the logger for the lines: {@value}. Configure it to redirect or disable them. */
  public static final String LOGGER = "external";

  private static final Logger LINES = Logger.getLogger(LOGGER);

  @Inject CallMetrics metrics;
  @Inject CallEvents events;
  @Inject ActionLog actions;

  /** Returns a listener for the calls to the upstream with this name. */
  public CallListener of(String upstream) {
    return call -> onCall(upstream, call);
  }

  void onCall(String upstream, CallRecord call) {
    boolean logged = LINES.isLoggable(Level.INFO);
    if (logged || actions.isOn()) {
      String line = CallLine.of(upstream, call);
      if (logged) {
        LINES.info(line);
      }
      if (actions.isOn()) {
        actions.write(line);
      }
    }
    events.fire(new SdkCallCompleted(upstream, call));
    metrics.count(upstream, call);
  }
}
