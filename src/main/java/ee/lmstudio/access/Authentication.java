package ee.lmstudio.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Finds out who sent a request. An access token has precedence over a session. */
@ApplicationScoped
public class Authentication {
  @Inject SignIn signIn;
  @Inject Sessions sessions;

  /** Returns who sent a request. A wrong token is refused even if the session is valid. */
  public Identity identify(Credentials credentials) {
    return credentials
        .token()
        .map(token -> byToken(token, credentials.address()))
        .orElseGet(() -> bySession(credentials.session()));
  }

  /** Returns who sent a request, judged by its session alone. */
  public Identity bySession(Optional<String> session) {
    return session
        .flatMap(sessions::use)
        .<Identity>map(token -> new Identity.BySession(Caller.of(token)))
        .orElseGet(Identity.Anonymous::new);
  }

  private Identity byToken(String offered, String address) {
    return switch (signIn.check(offered, address)) {
      case SignIn.Result.Accepted accepted -> new Identity.ByToken(Caller.of(accepted.token()));
      case SignIn.Result.TooMany tooMany -> new Identity.TooManyFailures(tooMany.retryAfter());
      case SignIn.Result.Wrong wrong -> new Identity.WrongToken();
    };
  }
}
