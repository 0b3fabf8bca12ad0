package ee.lmstudio.http.body;

import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Passes on the requests that the container dispatches because their bodies have arrived. */
@WebFilter(
    filterName = "dispatched-body",
    urlPatterns = "/*",
    dispatcherTypes = DispatcherType.ASYNC,
    asyncSupported = true)
public class DispatchedBody extends HttpFilter {
  private static final long serialVersionUID = 1;

  @Inject transient RequestBodies bodies;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    BodyExchange exchange = BodyExchange.of(request);
    if (exchange == null) {
      chain.doFilter(request, response);
    } else {
      bodies.resume(exchange, request, response, chain);
    }
  }
}
