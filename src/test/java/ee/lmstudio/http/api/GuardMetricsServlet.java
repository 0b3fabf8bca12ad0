package ee.lmstudio.http.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.annotation.RegistryScope;

/** Deployed by a test: what Fault Tolerance has counted, one metric a line. */
@WebServlet("/guard-metrics")
public class GuardMetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject
  @RegistryScope(scope = MetricRegistry.BASE_SCOPE)
  transient MetricRegistry metrics;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    for (var counter : metrics.getCounters().entrySet()) {
      response.getWriter().println(counter.getKey() + " = " + counter.getValue().getCount());
    }
  }
}
