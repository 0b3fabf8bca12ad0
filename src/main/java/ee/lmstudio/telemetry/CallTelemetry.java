package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Receives the record of every call of the application's SDK, and passes it to the log, the metrics
 * and the observers.
 */
@ApplicationScoped
public class CallTelemetry implements CallListener {
  /** The name of the logger for the lines: {@value}. Configure it to redirect or disable them. */
  public static final String LOGGER = "external";

  private static final Logger LINES = Logger.getLogger(LOGGER);

  @Inject CallMetrics metrics;
  @Inject CallEvents events;

  @Override
  public void onCall(CallRecord call) {
    if (LINES.isLoggable(Level.INFO)) {
      LINES.info(CallLine.of(call));
    }
    events.fire(new SdkCallCompleted(call));
    metrics.count(call);
  }
}
