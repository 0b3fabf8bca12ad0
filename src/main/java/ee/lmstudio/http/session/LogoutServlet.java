package ee.lmstudio.http.session;

import ee.lmstudio.http.RouteTable;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** {@code POST /logout}: ends the session and redirects to the sign-in page. */
@WebServlet(name = "logout", urlPatterns = RouteTable.LOGOUT)
public class LogoutServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject transient BrowserSignIn signIn;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    signIn.endSession(request, response);
    Redirect.to(request, response, RouteTable.LOGIN);
  }
}
