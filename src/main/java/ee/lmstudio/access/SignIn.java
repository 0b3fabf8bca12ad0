package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Checks access tokens, from headers, forms and links alike, and slows down guessing. */
@ApplicationScoped
public class SignIn {

  /** The result of one check. */
  public sealed interface Result {
    /** The token is valid. */
    record Accepted(AccessToken token) implements Result {}

    /** The token is not valid. */
    record Wrong() implements Result {}

    /**
     * Too many checks from this address failed. A valid token is refused too, unless it was used
     * from this address before.
     *
     * @param retryAfter how long the client has to wait
     */
    record TooMany(Duration retryAfter) implements Result {}
  }

  private final FailedSignIns failures;

  @Inject AccessTokens tokens;

  /** For the container. */
  public SignIn() {
    this(InstantSource.system());
  }

  SignIn(InstantSource clock) {
    failures = new FailedSignIns(clock);
  }

  /** Checks a token that a client at {@code address} offers. */
  public Result check(String offered, String address) {
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
}
