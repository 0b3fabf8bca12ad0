package ee.lmstudio.web;

import ee.lmstudio.access.SignIn;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.session.BrowserSignIn;
import ee.lmstudio.http.session.Redirect;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The bean behind the sign-in form: {@code #{login.token}} and {@code #{login.signIn}}. Pages get
 * the name of the signed-in caller from {@code #{request.userPrincipal.name}}.
 */
@Named("login")
@RequestScoped
public class LoginBean {
  private static final int TOO_MANY_REQUESTS = 429;

  private String token;

  @Inject BrowserSignIn browsers;

  /**
   * Returns the token that was typed. It is never rendered, because the page uses {@code
   * h:inputSecret}.
   */
  public String getToken() {
    return token;
  }

  public void setToken(String token) {
    this.token = token;
  }

  /** Opens a session and redirects to the demo page, or shows an error on the same page. */
  public void signIn() {
    FacesContext faces = FacesContext.getCurrentInstance();
    ExternalContext external = faces.getExternalContext();
    HttpServletRequest request = (HttpServletRequest) external.getRequest();
    HttpServletResponse response = (HttpServletResponse) external.getResponse();
    switch (browsers.openSession(request, response, token == null ? "" : token.strip())) {
      case SignIn.Result.Accepted accepted -> {
        Redirect.to(request, response, RouteTable.DEMO);
        faces.responseComplete();
      }
      case SignIn.Result.Wrong wrong -> say(faces, "login.wrong");
      case SignIn.Result.TooMany tooMany -> {
        external.setResponseStatus(TOO_MANY_REQUESTS);
        external.setResponseHeader(
            "Retry-After", Long.toString(tooMany.retryAfter().toSeconds() + 1));
        say(faces, "login.toomany");
      }
    }
    token = null;
  }

  /** Shows a text of the page's resource bundle. */
  private static void say(FacesContext faces, String key) {
    String text = faces.getApplication().getResourceBundle(faces, "msg").getString(key);
    faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null));
  }
}
