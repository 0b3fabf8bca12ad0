package ee.lmstudio.http;

import static ee.lmstudio.http.Route.Access.API;
import static ee.lmstudio.http.Route.Access.FILES;
import static ee.lmstudio.http.Route.Access.OPEN;
import static ee.lmstudio.http.Route.Access.SIGNED_IN;
import static ee.lmstudio.http.Route.Access.SIMULATOR;
import static ee.lmstudio.http.Route.ErrorFormat.ENVELOPE;
import static ee.lmstudio.http.Route.ErrorFormat.OPENAI;
import static ee.lmstudio.http.Route.ErrorFormat.PAGE;

import ee.lmstudio.http.Route.BodyLimit;
import ee.lmstudio.http.Route.Feature;
import ee.lmstudio.http.Route.Limits;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Lists the path prefixes of this server: each row says who may use a prefix, its error format, and
 * which limits apply. The filters and the error answers read this table, and a test holds the
 * OpenAPI document and every servlet to it. A new API needs one new row here.
 */
public final class RouteTable {
  /** The sign-in page. */
  public static final String LOGIN = "/login";

  /** The address that ends a session. */
  public static final String LOGOUT = "/logout";

  /** The playground, where a browser goes after it has signed in. */
  public static final String DEMO = "/ai/lmstudio/demo";

  /** The root of this server's own API. Its resources are below {@link #LM_STUDIO_API}. */
  public static final String API_ROOT = "/api";

  /** This server's own API. */
  public static final String LM_STUDIO_API = API_ROOT + "/v1/ai/lmstudio";

  /** The root of the API for OpenAI clients. */
  public static final String OPENAI_ROOT = "/v1";

  private static final String AUDIO_ROOT = OPENAI_ROOT + "/audio";

  /** The OpenAPI document. */
  public static final String OPENAPI = "/openapi";

  /** The health checks. */
  public static final String HEALTH = "/health";

  /** The files behind the pages. Faces serves no other file. */
  private static final Set<String> PAGE_FILES =
      Set.of("/index.xhtml", LOGIN + ".xhtml", DEMO + ".xhtml");

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> PAGE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST");
  private static final Set<String> BY_RESOURCE = Set.of();

  private static final Limits READ = new Limits(READING, BodyLimit.NONE);
  private static final Limits FORM = new Limits(PAGE_METHODS, BodyLimit.FORM);
  private static final Limits SIGN_OUT = new Limits(Set.of("POST", "OPTIONS"), BodyLimit.FORM);
  private static final Limits JSON = new Limits(BY_RESOURCE, BodyLimit.JSON);
  private static final Limits RECORDING = new Limits(BY_RESOURCE, BodyLimit.FILE);
  private static final Limits SIMULATED = new Limits(BY_RESOURCE, BodyLimit.SIMULATOR);

  /** The first row that covers a path decides. The last row covers pages and all other paths. */
  private static final List<Route> ROWS =
      List.of(
          new Route(API_ROOT, true, API, ENVELOPE, JSON),
          new Route(AUDIO_ROOT + "/transcriptions", true, API, OPENAI, RECORDING, Feature.AUDIO),
          new Route(AUDIO_ROOT + "/translations", true, API, OPENAI, RECORDING, Feature.AUDIO),
          new Route(AUDIO_ROOT, true, API, OPENAI, JSON, Feature.AUDIO),
          new Route(OPENAI_ROOT + "/images", true, API, OPENAI, JSON, Feature.IMAGES),
          new Route(OPENAI_ROOT, true, API, OPENAI, JSON),
          new Route(OPENAPI, true, SIGNED_IN, ENVELOPE, READ),
          new Route("/metrics", true, SIGNED_IN, ENVELOPE, READ),
          new Route(HEALTH, true, OPEN, ENVELOPE, READ),
          new Route("/simulator", true, SIMULATOR, ENVELOPE, SIMULATED),
          new Route(LOGIN, false, OPEN, PAGE, FORM),
          new Route(LOGOUT, false, SIGNED_IN, PAGE, SIGN_OUT),
          new Route("/js", true, FILES, PAGE, READ),
          new Route("/css", true, FILES, PAGE, READ),
          new Route("/jakarta.faces.resource", true, FILES, PAGE, READ),
          new Route("/favicon.ico", false, FILES, PAGE, READ),
          new Route("/favicon.svg", false, FILES, PAGE, READ),
          new Route("/manifest.webmanifest", false, FILES, PAGE, READ),
          new Route("", true, SIGNED_IN, PAGE, FORM));

  private static final String ATTRIBUTE = RouteTable.class.getName();

  private RouteTable() {}

  /** Returns every row, in the order in which they are tried. */
  public static List<Route> rows() {
    return ROWS;
  }

  /**
   * Returns the route of a path.
   *
   * @param path below the context root, decoded, with a leading slash
   */
  public static Route find(String path) {
    // The container keeps ".." where a path parameter hides it ("/js/..;/x"): such a path may lead
    // out of a prefix that is open to everybody.
    boolean mayLeave = path.contains("/..");
    return ROWS.stream()
        .filter(row -> row.covers(path) && (row.needsSignIn() || !mayLeave))
        .findFirst()
        .orElseGet(ROWS::getLast);
  }

  /**
   * Finds the route of a request and keeps it in the request, where {@link #of} finds it.
   *
   * @param simulatorOn whether this server offers the simulator
   */
  public static Route assign(HttpServletRequest request, boolean simulatorOn) {
    Route found = find(path(request));
    boolean closed = found.access() == SIMULATOR && !simulatorOn;
    Route route = closed ? found.withAccess(SIGNED_IN) : found;
    request.setAttribute(ATTRIBUTE, route);
    return route;
  }

  /**
   * Returns the route that was assigned to a request. If the container refused the request before
   * any filter saw it, finds the route by the path that failed.
   */
  public static Route of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Route route) {
      return route;
    }
    Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return find(failed == null ? path(request) : decoded(request, failed.toString()));
  }

  /** Returns whether a decoded path below the context root is that of a page's file. */
  public static boolean isPageFile(String path) {
    return PAGE_FILES.contains(path);
  }

  /** Returns the decoded path of a request below the context root. */
  public static String path(HttpServletRequest request) {
    String pathInfo = request.getPathInfo();
    return request.getServletPath() + (pathInfo == null ? "" : pathInfo);
  }

  /** Returns the path that a raw request URI means to the container: {@code /%761/x} is /v1/x. */
  private static String decoded(HttpServletRequest request, String uri) {
    String context = request.getContextPath();
    String raw = uri.startsWith(context) ? uri.substring(context.length()) : uri;
    String plain = raw.replaceAll(";[^/]*", "").replace("+", "%2B");
    try {
      return URLDecoder.decode(plain, StandardCharsets.UTF_8).replaceAll("//+", "/");
    } catch (IllegalArgumentException undecodable) {
      return plain;
    }
  }
}
