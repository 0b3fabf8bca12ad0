package ee.lmstudio.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Sends a browser to another page of this application. By path, not by whole address: the container
 * does not know the scheme and name that a proxy has.
 */
public final class Redirect {
  /** Where a browser goes that has signed in. */
  public static final String AFTER_SIGN_IN = Route.DEMO;

  private Redirect() {}

  /**
   * Redirects with 303, or with 302 after a GET.
   *
   * @param path below the context root, with its query
   */
  public static void to(HttpServletRequest request, HttpServletResponse response, String path) {
    boolean reading = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    response.setStatus(reading ? HttpServletResponse.SC_FOUND : HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", request.getContextPath() + path);
  }
}
