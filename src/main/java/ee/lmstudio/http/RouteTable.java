package ee.lmstudio.http;

import static ee.lmstudio.http.ErrorDialect.ENVELOPE;
import static ee.lmstudio.http.ErrorDialect.OPENAI;
import static ee.lmstudio.http.ErrorDialect.PAGE;
import static ee.lmstudio.http.Route.Access.API;
import static ee.lmstudio.http.Route.Access.FILES;
import static ee.lmstudio.http.Route.Access.OPEN;
import static ee.lmstudio.http.Route.Access.SIGNED_IN;
import static ee.lmstudio.http.Route.Access.SIMULATOR;

import ee.lmstudio.http.Route.Limits;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The one place that knows path prefixes: each row says who may use a prefix, in which form it
 * answers errors, and which limits apply. A new API needs one new row here and nothing else.
 */
public final class RouteTable {
  /** The sign-in page. */
  public static final String LOGIN = "/login";

  /** The address that ends a session. */
  public static final String LOGOUT = "/logout";

  /** The playground, where a browser goes after it has signed in. */
  public static final String DEMO = "/ai/lmstudio/demo";

  /**
   * How many sign-in forms are read at the same time. Each holds one of Payara's 200 threads until
   * the whole form has arrived.
   */
  private static final int SIGN_INS_AT_ONCE = 32;

  private static final Limits READ =
      new Limits(Set.of("GET", "HEAD", "OPTIONS"), BodyLimit.NONE, OptionalInt.empty());
  private static final Limits SIGN_IN_FORM =
      new Limits(
          Set.of("GET", "HEAD", "OPTIONS", "POST"),
          BodyLimit.FORM,
          OptionalInt.of(SIGN_INS_AT_ONCE));
  private static final Limits POST_FORM =
      new Limits(Set.of("POST", "OPTIONS"), BodyLimit.FORM, OptionalInt.empty());
  private static final Limits ANY_FORM =
      new Limits(Set.of(), BodyLimit.FORM, OptionalInt.empty());
  private static final Limits JSON = new Limits(Set.of(), BodyLimit.JSON, OptionalInt.empty());
  private static final Limits ANYTHING = new Limits(Set.of(), BodyLimit.NONE, OptionalInt.empty());

  /** The first row that covers a path decides. */
  private static final List<Route> ROWS =
      List.of(
          new Route("/api", true, API, ENVELOPE, JSON),
          new Route("/v1", true, API, OPENAI, JSON),
          new Route("/openapi", true, SIGNED_IN, ENVELOPE, READ),
          new Route("/metrics", true, SIGNED_IN, ENVELOPE, READ),
          new Route("/health", true, OPEN, ENVELOPE, READ),
          new Route("/simulator", true, SIMULATOR, ENVELOPE, ANYTHING),
          new Route(LOGIN, false, OPEN, PAGE, SIGN_IN_FORM),
          new Route(LOGOUT, false, SIGNED_IN, PAGE, POST_FORM),
          new Route("/js", true, FILES, PAGE, READ),
          new Route("/css", true, FILES, PAGE, READ),
          new Route("/jakarta.faces.resource", true, FILES, PAGE, READ),
          new Route("/favicon.ico", false, FILES, PAGE, READ),
          new Route("/favicon.svg", false, FILES, PAGE, READ));

  /** Pages, and every path that has no row. */
  private static final Route PAGES = new Route("", true, SIGNED_IN, PAGE, ANY_FORM);

  private static final String ATTRIBUTE = RouteTable.class.getName();

  private RouteTable() {}

  /** Returns every row but the one for all other paths. */
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
        .orElse(PAGES);
  }

  /**
   * Finds the route of a request and notes it in the request, for {@link #of}.
   *
   * @param simulatorOn whether this server offers the simulator
   */
  public static Route note(HttpServletRequest request, boolean simulatorOn) {
    Route found = find(path(request));
    boolean closed = found.access() == SIMULATOR && !simulatorOn;
    Route route = closed ? found.withAccess(SIGNED_IN) : found;
    request.setAttribute(ATTRIBUTE, route);
    return route;
  }

  /** Returns the route that was noted for a request; if none was, finds it by the path. */
  public static Route of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Route route) {
      return route;
    }
    Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return find(failed == null ? path(request) : belowContextRoot(request, failed.toString()));
  }

  /** Returns the decoded path of a request below the context root. */
  public static String path(HttpServletRequest request) {
    String pathInfo = request.getPathInfo();
    return request.getServletPath() + (pathInfo == null ? "" : pathInfo);
  }

  private static String belowContextRoot(HttpServletRequest request, String uri) {
    String context = request.getContextPath();
    return uri.startsWith(context) ? uri.substring(context.length()) : uri;
  }
}
