package ee.lmstudio.http.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Sends a browser to another page of this application. The {@code Location} is a path without
 * scheme and host, because the container does not know those that a proxy presents.
 */
public final class Redirect {
  private Redirect() {}

  /**
   * Answers with a redirect: 302 after GET and HEAD, else 303.
   *
   * @param path below the context root, with its query
   */
  public static void to(HttpServletRequest request, HttpServletResponse response, String path) {
    boolean reading = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    response.setStatus(reading ? HttpServletResponse.SC_FOUND : HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", request.getContextPath() + path);
  }
}
