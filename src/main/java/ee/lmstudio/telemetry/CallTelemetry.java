package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Receives the record of every call to every upstream, and passes it to the log, the action log,
 * the metrics, the observers and OpenTelemetry.
 */
@ApplicationScoped
public class CallTelemetry {
  /** The name of the logger for the lines: {@value}. Configure it to redirect or disable them. */
  public static final String LOGGER = "external";

  private static final Logger LINES = Logger.getLogger(LOGGER);

  @Inject CallMetrics metrics;
  @Inject CallEvents events;
  @Inject ActionLog actions;
  @Inject ModelNames names;
  @Inject Exports exports;

  /** Returns a listener for the calls to the upstream with this name at this address. */
  public CallListener of(String upstream, URI address) {
    Peer peer = Peer.of(upstream, address);
    return call -> onCall(peer, call);
  }

  void onCall(Peer peer, CallRecord call) {
    String upstream = peer.name();
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
    if (call.outcome() == Outcome.COMPLETED) {
      call.model().ifPresent(names::answered);
    }
    metrics.count(upstream, names.labelOf(call.model()), call);
    exports.get().ended(peer, call, names);
  }
}
