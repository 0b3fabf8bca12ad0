package ee.lmstudio.http.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/**
 * The cookie with the id of a session. It is for this application only, and hidden from scripts.
 */
public final class SessionCookie {
  /** The name of the cookie. */
  public static final String NAME = "lmstudio_session";

  private SessionCookie() {}

  /** Returns the id in a request's cookie; empty if the request has none. */
  public static Optional<String> read(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
      if (NAME.equals(cookie.getName())) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  static void set(HttpServletRequest request, HttpServletResponse response, String id) {
    write(request, response, id, "");
  }

  static void clear(HttpServletRequest request, HttpServletResponse response) {
    write(request, response, "", "; Max-Age=0");
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, String value, String more) {
    String path = request.getContextPath().isEmpty() ? "/" : request.getContextPath();
    String secure = request.isSecure() ? "; Secure" : "";
    response.addHeader(
        "Set-Cookie",
        NAME + "=" + value + "; Path=" + path + more + "; HttpOnly; SameSite=Strict" + secure);
  }
}
