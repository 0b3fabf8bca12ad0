package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** The access tokens in force: those that are configured, or one made up in {@code local}. */
@ApplicationScoped
public class AccessTokens {
  private List<AccessToken> tokens = List.of();
  private Optional<AccessToken> generated = Optional.empty();

  @Inject
  void use(ServerSettings settings) {
    tokens = settings.accessTokens();
    if (tokens.isEmpty() && settings.environment() == Environment.LOCAL) {
      generated = Optional.of(new AccessToken("local", Secret.of(RandomId.next()), true));
      tokens = List.of(generated.get());
    }
  }

  /** Whether anybody can sign in. */
  public boolean anyConfigured() {
    return !tokens.isEmpty();
  }

  /** The token that was made up because none is configured; empty if there was no need to. */
  public Optional<AccessToken> generated() {
    return generated;
  }

  /** Whose token {@code offered} is; takes the same time whoever's it is. */
  public Optional<AccessToken> find(String offered) {
    AccessToken found = null;
    for (AccessToken token : tokens) {
      if (token.token().matches(offered)) {
        found = token;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whether {@code token}, with its name and rights, is still in force. */
  public boolean isInForce(AccessToken token) {
    return tokens.contains(token);
  }
}
