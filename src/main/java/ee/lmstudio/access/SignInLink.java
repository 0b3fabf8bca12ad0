package ee.lmstudio.access;

import ee.lmstudio.http.error.AnswerForm;
import ee.lmstudio.http.error.ErrorAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** {@code GET /ai/lmstudio/demo?token=…}: signs in and leads to the address without the token. */
final class SignInLink {
  private SignInLink() {}

  static boolean isOne(Route route, HttpServletRequest request) {
    return route.path().equals(Route.DEMO)
        && "GET".equals(request.getMethod())
        && request.getParameter("token") != null;
  }

  static void follow(SignIn signIn, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (signIn.openSession(request, response, request.getParameter("token"))) {
      case SignIn.Result.Accepted accepted ->
          Redirect.to(request, response, Route.DEMO + queryWithoutToken(request));
      case SignIn.Result.Wrong wrong -> Redirect.to(request, response, Route.LOGIN);
      case SignIn.Result.TooMany tooMany ->
          ErrorAnswer.write(
              request, response, AnswerForm.PAGE, Authentication.tooMany(tooMany.retryAfter()));
    }
  }

  private static String queryWithoutToken(HttpServletRequest request) {
    String rest =
        Arrays.stream(request.getQueryString().split("&"))
            .filter(pair -> !pair.equals("token") && !pair.startsWith("token="))
            .filter(pair -> !pair.isEmpty())
            .collect(Collectors.joining("&"));
    // An encoded name ("%74oken") is a parameter too: then nothing of the query is kept.
    return rest.isEmpty() || rest.indexOf('%') >= 0 ? "" : "?" + rest;
  }
}
