package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Hears of every call of the application's SDK, and tells the log, the metrics, the observers. */
@ApplicationScoped
public class CallTelemetry implements CallListener {
  /** Where the lines go: {@value}. Switch them off, or send them elsewhere, by this name. */
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
