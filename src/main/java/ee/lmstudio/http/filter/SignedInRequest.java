package ee.lmstudio.http.filter;

import ee.lmstudio.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/** Adds the caller to a request. */
final class SignedInRequest extends HttpServletRequestWrapper {
  private final Caller caller;

  SignedInRequest(HttpServletRequest request, Caller caller) {
    super(request);
    this.caller = caller;
  }

  @Override
  public Principal getUserPrincipal() {
    return caller;
  }

  @Override
  public String getRemoteUser() {
    return caller.name();
  }

  @Override
  public boolean isUserInRole(String role) {
    return caller.admin() && Caller.ADMIN_ROLE.equals(role);
  }
}
