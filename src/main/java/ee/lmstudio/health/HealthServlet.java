package ee.lmstudio.health;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.RouteTable;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Answers {@code /health}, {@code /health/live}, {@code /health/ready} and {@code /health/started}
 * in the format of MicroProfile Health, below our own context root. Payara's own endpoints exist
 * only at the root of the server.
 */
@WebServlet(name = "health", urlPatterns = RouteTable.HEALTH + "/*", asyncSupported = true)
public class HealthServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOG = System.getLogger(HealthServlet.class.getName());
  @Inject @Liveness transient Instance<HealthCheck> live;
  @Inject @Readiness transient Instance<HealthCheck> ready;
  @Inject @Startup transient Instance<HealthCheck> started;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    switch (path == null ? "" : path) {
      case "", "/" -> answer(request, List.of(live, ready, started));
      case "/live" -> answer(request, List.of(live));
      case "/ready" -> answer(request, List.of(ready));
      case "/started" -> answer(request, List.of(started));
      default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  /**
   * Runs the checks on a virtual thread. LM Studio may be slow, and none of the server's request
   * threads should wait for it.
   */
  private static void answer(
      HttpServletRequest request, List<? extends Iterable<HealthCheck>> groups) {
    List<HealthCheck> checks = new ArrayList<>();
    groups.forEach(group -> group.forEach(checks::add));
    AsyncContext exchange = request.startAsync();
    Thread.ofVirtual().name("lmstudio-health").start(() -> answer(exchange, checks));
  }

  private static void answer(AsyncContext exchange, List<HealthCheck> checks) {
    HttpServletResponse response = (HttpServletResponse) exchange.getResponse();
    try {
      write(run(checks), response);
    } catch (IOException clientLeft) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "The client left before the health response was written",
          clientLeft);
    } catch (RuntimeException | Error defect) {
      LOG.log(System.Logger.Level.ERROR, "A /health request could not be answered", defect);
      response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    } finally {
      exchange.complete();
    }
  }

  private static void write(JsonObject body, HttpServletResponse response) throws IOException {
    boolean up = body.getString("status").equals(HealthCheckResponse.Status.UP.name());
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(up ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("application/json");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  /**
   * Runs all checks, and lists them by name. The result is up if every check is up; a check that
   * throws is down.
   */
  static JsonObject run(List<HealthCheck> checks) {
    JsonArrayBuilder list = JSON.createArrayBuilder();
    HealthCheckResponse.Status all = HealthCheckResponse.Status.UP;
    List<HealthCheckResponse> answers =
        checks.stream()
            .map(HealthServlet::call)
            .sorted(Comparator.comparing(HealthCheckResponse::getName))
            .toList();
    for (HealthCheckResponse answer : answers) {
      if (answer.getStatus() == HealthCheckResponse.Status.DOWN) {
        all = HealthCheckResponse.Status.DOWN;
      }
      list.add(json(answer));
    }
    return JSON.createObjectBuilder().add("status", all.name()).add("checks", list).build();
  }

  private static HealthCheckResponse call(HealthCheck check) {
    try {
      return check.call();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "A health check failed", e);
      return HealthCheckResponse.down("failed-check");
    }
  }

  private static JsonObjectBuilder json(HealthCheckResponse answer) {
    JsonObjectBuilder data = JSON.createObjectBuilder();
    answer.getData().orElse(Map.of()).forEach((key, value) -> data.add(key, value.toString()));
    return JSON.createObjectBuilder()
        .add("name", answer.getName())
        .add("status", answer.getStatus().name())
        .add("data", data);
  }
}
