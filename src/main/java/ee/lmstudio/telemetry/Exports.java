package ee.lmstudio.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Holds the export to OpenTelemetry. There is none unless the operator has switched OpenTelemetry
 * on, or if the server does not contain it.
 */
@ApplicationScoped
public class Exports {
  private static final Logger LOG = Logger.getLogger(Exports.class.getName());

  private volatile Export export = Export.NOTHING;

  /** Runs on the thread of the deployment, because Payara knows the application by the thread. */
  void begin(@Observes Startup started) {
    try {
      export = OtelExport.create();
    } catch (LinkageError noOpenTelemetry) {
      LOG.log(
          Level.INFO,
          "Nothing is exported to OpenTelemetry, because this server has no usable version of it:"
              + " {0}",
          noOpenTelemetry.toString());
    }
  }

  /** Returns whether calls are exported to OpenTelemetry. */
  public boolean isOn() {
    return export != Export.NOTHING;
  }

  Export get() {
    return export;
  }
}
