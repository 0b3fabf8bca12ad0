package ee.lmstudio.telemetry;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.MetricRegistry;

/**
 * Answers {@code GET /metrics} in the text format of Prometheus: what this application has counted
 * with MicroProfile Metrics, and the state of the JVM. Payara's own endpoint is open to everybody,
 * so the packaged server does not offer it.
 */
@WebServlet(name = "metrics", urlPatterns = "/metrics")
public class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = Logger.getLogger(MetricsServlet.class.getName());

  @Inject transient MetricRegistry application;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      application.getNames();
    } catch (RuntimeException noMetrics) {
      LOG.log(Level.WARNING, "MicroProfile Metrics are not available on this server", noMetrics);
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    byte[] text =
        (PrometheusText.of(application) + JvmMetrics.text()).getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/plain; version=0.0.4; charset=utf-8");
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
  }
}
