package ee.lmstudio.access;

import java.util.Set;

/** Says from which site a browser's request comes. */
public enum SameOrigin {
  /** The browser says that a page of this server sent the request. */
  PROVEN,
  /** The browser says that the request comes from somewhere else. */
  DISPROVEN,
  /** The request says nothing about its origin. Programs say nothing, and so do old browsers. */
  UNKNOWN;

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  /** Returns whether requests with this method may change something. */
  public static boolean isStateChanging(String method) {
    return !SAFE.contains(method);
  }

  /**
   * Judges the origin of a request. {@code Sec-Fetch-Site} decides if it is present, because pages
   * cannot forge it.
   *
   * @param fetchSite the header {@code Sec-Fetch-Site}, or null
   * @param origin the header {@code Origin}, or null
   * @param ownOrigin the origin of this server, such as {@code http://localhost:8080}
   */
  public static SameOrigin of(String fetchSite, String origin, String ownOrigin) {
    if (fetchSite != null) {
      return fetchSite.equals("same-origin") ? PROVEN : DISPROVEN;
    }
    if (origin == null) {
      return UNKNOWN;
    }
    return ownOrigin.equalsIgnoreCase(origin) ? PROVEN : DISPROVEN;
  }

  /** Returns the origin of a server, as browsers write it: without the scheme's usual port. */
  public static String origin(String scheme, String serverName, int port) {
    String name = HostHeader.normalise(serverName);
    String host = name.indexOf(':') < 0 ? name : "[" + name + "]";
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }
}
