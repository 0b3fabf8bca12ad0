package ee.lmstudio.access;

import ee.lmstudio.config.ServerSettings;
import java.time.Duration;
import java.time.Instant;

/** The beans of this package, wired by hand, with a clock that tests turn. */
public final class AccessBeans {
  public final AccessTokens tokens = new AccessTokens();
  public final Sessions sessions = new Sessions(() -> now());
  public final SignIn signIn = new SignIn(() -> now());
  public final Authentication authentication = new Authentication();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  public AccessBeans(ServerSettings settings) {
    use(settings);
    sessions.tokens = tokens;
    signIn.tokens = tokens;
    authentication.signIn = signIn;
    authentication.sessions = sessions;
  }

  /** Replaces the settings, as a restart with the same sessions would. */
  public void use(ServerSettings settings) {
    tokens.use(settings);
  }

  private Instant now() {
    return now;
  }

  public void later(Duration time) {
    now = now.plus(time);
  }
}
