package ee.lmstudio.access;

import static ee.lmstudio.http.error.AnswerForm.isBelow;

import ee.lmstudio.http.error.AnswerForm;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * What a path is, as far as access goes.
 *
 * @param path below the context root, decoded and normalised by the container
 * @param form how it answers errors
 * @param access who may use it
 */
record Route(String path, AnswerForm form, Access access) {

  /** Who may use a path. */
  enum Access {
    /** Everybody; files that never change with the caller. */
    STATIC,
    /** Everybody. */
    OPEN,
    /** Everybody, under whatever host name: the SDK calls it at this server's own address. */
    SIMULATOR,
    /** Who is signed in. */
    SIGNED_IN,
    /** Who is signed in, and only while the module is switched on. */
    API
  }

  static final String LOGIN = "/login";
  static final String DEMO = "/ai/lmstudio/demo";

  private static final List<String> STATIC_ROOTS =
      List.of("/js", "/css", "/jakarta.faces.resource");
  private static final List<String> STATIC_FILES = List.of("/favicon.ico", "/favicon.svg");

  static Route of(HttpServletRequest request, boolean simulator) {
    String pathInfo = request.getPathInfo();
    String path = request.getServletPath() + (pathInfo == null ? "" : pathInfo);
    return new Route(path, AnswerForm.of(path), access(path, simulator));
  }

  private static Access access(String path, boolean simulator) {
    if (isBelow(path, "/api") || isBelow(path, "/v1")) {
      return Access.API;
    }
    if (path.equals(LOGIN) || isBelow(path, "/health")) {
      return Access.OPEN;
    }
    if (isBelow(path, "/simulator") && simulator) {
      return Access.SIMULATOR;
    }
    // The container leaves ".." in place where a path parameter hides it ("/js/..;/x").
    boolean plain = !path.contains("/..");
    boolean file =
        STATIC_FILES.contains(path) || STATIC_ROOTS.stream().anyMatch(root -> isBelow(path, root));
    return plain && file ? Access.STATIC : Access.SIGNED_IN;
  }

  boolean needsSignIn() {
    return access == Access.SIGNED_IN || access == Access.API;
  }
}
