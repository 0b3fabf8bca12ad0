package ee.lmstudio.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** Tells requests of our own pages from those that other sites make a browser send. */
final class SameOrigin {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private SameOrigin() {}

  /** Whether the request may change something. */
  static boolean isStateChanging(HttpServletRequest request) {
    return !SAFE.contains(request.getMethod());
  }

  /** Whether the browser said that one of our own pages sent it. Silence is no. */
  static boolean isProven(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    return ownOrigin(request).equalsIgnoreCase(request.getHeader("Origin"));
  }

  /** Whether the browser said that another site sent it. Silence is no. */
  static boolean isDisproven(HttpServletRequest request) {
    boolean silent =
        request.getHeader("Sec-Fetch-Site") == null && request.getHeader("Origin") == null;
    return !silent && !isProven(request);
  }

  private static String ownOrigin(HttpServletRequest request) {
    String name = HostHeader.normalise(request.getServerName());
    String host = name.indexOf(':') < 0 ? name : "[" + name + "]";
    int port = request.getServerPort();
    boolean usual = port == (request.isSecure() ? 443 : 80);
    return request.getScheme() + "://" + host + (usual ? "" : ":" + port);
  }
}
