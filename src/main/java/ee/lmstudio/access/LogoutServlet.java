package ee.lmstudio.access;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** {@code POST /logout}: ends the session and leads to {@code /login}. */
@WebServlet(name = "logout", urlPatterns = "/logout")
public class LogoutServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject transient SignIn signIn;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    signIn.endSession(request, response);
    Redirect.to(request, response, Route.LOGIN);
  }
}
