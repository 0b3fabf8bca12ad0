package ee.lmstudio.access;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;

/** Finds out as whom a request comes. A bearer token beats a cookie. */
@ApplicationScoped
public class Authentication {
  private static final String BEARER = "Bearer ";

  @Inject SignIn signIn;
  @Inject Sessions sessions;

  Identity identify(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return byToken(header.substring(BEARER.length()).strip(), request.getRemoteAddr());
    }
    return bySession(request);
  }

  Identity bySession(HttpServletRequest request) {
    return SessionCookie.read(request)
        .flatMap(sessions::use)
        .<Identity>map(token -> new Identity.BySession(Caller.of(token)))
        .orElseGet(Identity.Anonymous::new);
  }

  private Identity byToken(String offered, String address) {
    return switch (signIn.check(offered, address)) {
      case SignIn.Result.Accepted accepted -> new Identity.ByToken(Caller.of(accepted.token()));
      case SignIn.Result.TooMany tooMany -> new Identity.Refused(tooMany(tooMany.retryAfter()));
      case SignIn.Result.Wrong wrong ->
          new Identity.Refused(
              ApiError.of(
                  ErrorCode.UNAUTHENTICATED,
                  "The access token is wrong.",
                  "Send a token of lm-studio.access-tokens as 'Authorization: Bearer <token>'."));
    };
  }

  static ApiError tooMany(Duration wait) {
    return ApiError.of(
            ErrorCode.RATE_LIMITED,
            "Too many failed sign-ins from your address.",
            "Wait a minute, then sign in with the right token.")
        .withRetryAfter(wait);
  }
}
