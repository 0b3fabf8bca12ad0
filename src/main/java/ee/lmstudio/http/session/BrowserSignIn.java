package ee.lmstudio.http.session;

import ee.lmstudio.access.Sessions;
import ee.lmstudio.access.SignIn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Opens and ends the sessions of browsers. */
@ApplicationScoped
public class BrowserSignIn {
  private SignIn signIn;
  private Sessions sessions;

  /** For the container. */
  public BrowserSignIn() {}

  @Inject
  public BrowserSignIn(SignIn signIn, Sessions sessions) {
    this.signIn = signIn;
    this.sessions = sessions;
  }

  /**
   * Checks a token and, if it is valid, opens a session with a new id in place of the browser's old
   * session.
   *
   * @param request the request as the access filter passes it on, with the client's address
   */
  public SignIn.Result openSession(
      HttpServletRequest request, HttpServletResponse response, String offered) {
    SignIn.Result result = signIn.check(offered, request.getRemoteAddr());
    if (result instanceof SignIn.Result.Accepted accepted) {
      SessionCookie.read(request).ifPresent(sessions::end);
      SessionCookie.set(request, response, sessions.open(accepted.token()));
    }
    return result;
  }

  /** Ends the browser's session, if it has one, and deletes the cookie. */
  public void endSession(HttpServletRequest request, HttpServletResponse response) {
    SessionCookie.read(request).ifPresent(sessions::end);
    SessionCookie.clear(request, response);
  }
}
