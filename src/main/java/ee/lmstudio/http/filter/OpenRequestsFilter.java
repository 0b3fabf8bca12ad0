package ee.lmstudio.server;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Counts the calls of the API that are being answered, for {@link GracefulStop}. */
@WebFilter(
    filterName = "open-requests",
    urlPatterns = {"/api/*", "/v1/*"},
    asyncSupported = true)
public class OpenRequestsFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  @Inject transient OpenRequests open;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    CountedRequest counted = new CountedRequest(request, open::ended);
    open.began();
    try {
      chain.doFilter(counted, response);
    } finally {
      if (!counted.isAsynchronous()) {
        open.ended();
      }
    }
  }
}
