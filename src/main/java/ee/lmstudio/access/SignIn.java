package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Checks access tokens, by whatever way they come, and opens and ends sessions. */
@ApplicationScoped
public class SignIn {

  /** What became of a try. */
  public sealed interface Result {
    /** The token is right. */
    record Accepted(AccessToken token) implements Result {}

    /** The token is wrong. */
    record Wrong() implements Result {}

    /** Too many were wrong before; this one was not looked at. */
    record TooMany(Duration retryAfter) implements Result {}
  }

  private final FailedSignIns failures;

  @Inject AccessTokens tokens;
  @Inject Sessions sessions;

  /** For the container. */
  public SignIn() {
    this(InstantSource.system());
  }

  SignIn(InstantSource clock) {
    failures = new FailedSignIns(clock);
  }

  /** Checks a token that was offered from an address. */
  Result check(String offered, String address) {
    Optional<AccessToken> found = tokens.find(offered);
    Duration wait = failures.waitOf(address);
    boolean known = found.isPresent() && failures.knows(address, found.get().name());
    if (!wait.isZero() && !known) {
      return new Result.TooMany(wait);
    }
    if (found.isPresent()) {
      failures.succeeded(address, found.get().name());
      return new Result.Accepted(found.get());
    }
    failures.failed(address);
    Duration waitNow = failures.waitOf(address);
    return waitNow.isZero() ? new Result.Wrong() : new Result.TooMany(waitNow);
  }

  /**
   * Checks a token and, if it is right, opens a session in place of the browser's old one.
   *
   * @param request the request as the filter passes it on
   */
  public Result openSession(
      HttpServletRequest request, HttpServletResponse response, String offered) {
    Result result = check(offered, request.getRemoteAddr());
    if (result instanceof Result.Accepted accepted) {
      SessionCookie.read(request).ifPresent(sessions::end);
      SessionCookie.set(request, response, sessions.open(accepted.token()));
    }
    return result;
  }

  /** Ends the browser's session, if it has one, and takes the cookie back. */
  public void endSession(HttpServletRequest request, HttpServletResponse response) {
    SessionCookie.read(request).ifPresent(sessions::end);
    SessionCookie.clear(request, response);
  }
}
