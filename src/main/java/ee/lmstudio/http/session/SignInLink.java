package ee.lmstudio.http.session;

import ee.lmstudio.access.SignIn;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ErrorAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * {@code GET /ai/lmstudio/demo?token=…}: signs a browser in and redirects it to the same address
 * without the token.
 */
public final class SignInLink {
  private SignInLink() {}

  /** Returns whether a request follows such a link. */
  public static boolean isFollowedBy(HttpServletRequest request) {
    return RouteTable.path(request).equals(RouteTable.DEMO)
        && "GET".equals(request.getMethod())
        && request.getParameter("token") != null;
  }

  /** Answers a request that follows such a link. A wrong token leads to the sign-in page. */
  public static void follow(
      BrowserSignIn signIn, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (signIn.openSession(request, response, request.getParameter("token"))) {
      case SignIn.Result.Accepted accepted ->
          Redirect.to(request, response, RouteTable.DEMO + queryWithoutToken(request));
      case SignIn.Result.Wrong wrong -> Redirect.to(request, response, RouteTable.LOGIN);
      case SignIn.Result.TooMany tooMany ->
          ErrorAnswer.write(request, response, AccessErrors.tooManyFailures(tooMany.retryAfter()));
    }
  }

  private static String queryWithoutToken(HttpServletRequest request) {
    String rest =
        Arrays.stream(request.getQueryString().split("&"))
            .filter(pair -> !pair.equals("token") && !pair.startsWith("token="))
            .filter(pair -> !pair.isEmpty())
            .collect(Collectors.joining("&"));
    // An encoded name ("%74oken") is the parameter "token" too, so an encoded query is dropped.
    return rest.isEmpty() || rest.indexOf('%') >= 0 ? "" : "?" + rest;
  }
}
