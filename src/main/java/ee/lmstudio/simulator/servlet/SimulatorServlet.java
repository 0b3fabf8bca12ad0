package ee.lmstudio.simulator.servlet;

import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves the simulator at {@code /simulator}, below the context root. It answers 404 if the
 * simulator is off. It holds no thread of the server while an answer is sent.
 */
@WebServlet(urlPatterns = "/simulator/*", asyncSupported = true)
public class SimulatorServlet extends HttpServlet {
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;
  private static final Clock CLOCK = Clock.systemUTC();

  /** Injected by the container before the first request. */
  @Inject private transient SimulatorHost host;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Responder> simulator = host.simulator();
    if (simulator.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
      return;
    }
    SimulatorReply reply = simulator.get().reply(read(request, body), CLOCK.instant());
    AsyncContext exchange = request.startAsync();
    exchange.setTimeout(0); // The end of the reply ends the request.
    host.play(new ReplyPlayer(reply, exchange, host.pacer()));
  }

  private static SimulatorRequest read(HttpServletRequest request, byte[] body) {
    String prefix = request.getContextPath() + request.getServletPath();
    String path = request.getRequestURI().substring(prefix.length());
    String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
    Map<String, String> headers =
        Collections.list(request.getHeaderNames()).stream()
            .distinct()
            .collect(Collectors.toMap(Function.identity(), name -> header(request, name)));
    return new SimulatorRequest(request.getMethod(), path + query, headers, body);
  }

  private static String header(HttpServletRequest request, String name) {
    return String.join(", ", Collections.list(request.getHeaders(name)));
  }
}
