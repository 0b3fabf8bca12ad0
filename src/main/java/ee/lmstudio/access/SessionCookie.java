package ee.lmstudio.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** The cookie that carries the id of a session; only for this application, never for scripts. */
final class SessionCookie {
  static final String NAME = "lmstudio_session";

  private SessionCookie() {}

  static Optional<String> read(HttpServletRequest request) {
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
