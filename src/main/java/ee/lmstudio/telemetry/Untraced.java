package ee.lmstudio.telemetry;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.Configurable;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps Payara's tracing out of the requests to LM Studio. Payara adds a filter to every JAX-RS
 * client of an application. It makes a span current on the thread and takes it back only if an
 * answer comes, so after a failed connection all later spans of that thread have a wrong parent. It
 * also sends {@code baggage}, which repeats what a client has sent to this server
 * (docs/decisions/0126).
 */
public final class Untraced {
  private static final Logger LOG = Logger.getLogger(Untraced.class.getName());

  /** Payara's filter has {@link Priorities#USER}. */
  private static final int BEFORE_PAYARA = Priorities.USER - 1000;

  private static final int AFTER_PAYARA = Priorities.USER + 1000;

  /** The property from which Payara takes the parent of its span. */
  private static final String PARENT = "Payara-Telemetry-Tracing-SpanContext";

  /** The property that holds Payara's span while it is current. */
  private static final String CURRENT = "fish.payara.opentracing.PropagationHelper";

  private static final Set<String> HEADERS = Set.of("traceparent", "tracestate", "baggage");

  private Untraced() {}

  /** Configures a client so that its requests are not traced. */
  public static void configure(Configurable<?> client) {
    Object unsampled = unsampled();
    client.register(
        (ClientRequestFilter) request -> request.setProperty(PARENT, unsampled), BEFORE_PAYARA);
    client.register((ClientRequestFilter) Untraced::undo, AFTER_PAYARA);
  }

  private static Object unsampled() {
    try {
      return OtelExport.unsampled();
    } catch (LinkageError noOpenTelemetry) {
      return null;
    }
  }

  private static void undo(ClientRequestContext request) {
    if (request.getProperty(CURRENT) instanceof AutoCloseable current) {
      request.removeProperty(CURRENT);
      try {
        current.close();
      } catch (Exception failed) {
        LOG.log(Level.FINE, "Payara's span could not be closed", failed);
      }
      HEADERS.forEach(request.getHeaders()::remove);
    }
  }
}
