package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * The access tokens that are valid: the configured ones. If none is configured in {@code local},
 * one token is generated.
 */
@ApplicationScoped
public class AccessTokens {
  private List<AccessToken> tokens = List.of();
  private Optional<AccessToken> generated = Optional.empty();

  /** Of this server itself. */
  private volatile Optional<AccessToken> own = Optional.empty();

  @Inject
  void use(ServerSettings settings) {
    tokens = settings.accessTokens();
    if (tokens.isEmpty() && settings.environment() == Environment.LOCAL) {
      generated = Optional.of(new AccessToken("local", Secret.of(RandomId.next()), true));
      tokens = List.of(generated.get());
    }
  }

  /** Returns whether there is any token. Without one, nobody can sign in. */
  public boolean anyConfigured() {
    return !tokens.isEmpty();
  }

  /** Returns the generated token; empty if tokens are configured. */
  public Optional<AccessToken> generated() {
    return generated;
  }

  /** Returns the token that equals {@code offered}. The time taken does not tell which it is. */
  public Optional<AccessToken> find(String offered) {
    AccessToken found = null;
    for (AccessToken token : tokens) {
      if (token.matches(offered)) {
        found = token;
      }
    }
    return Optional.ofNullable(found).or(() -> own.filter(token -> token.matches(offered)));
  }

  /**
   * Creates a token with which this server can call itself, until {@link #revokeOwn}.
   *
   * @param name the name of the caller. No other caller can have it if {@link AccessToken#isName}
   *     refuses it
   */
  public AccessToken createOwn(String name) {
    AccessToken created = new AccessToken(name, Secret.of(RandomId.next()), false);
    own = Optional.of(created);
    return created;
  }

  /** Makes the token of {@link #createOwn} invalid. */
  public void revokeOwn() {
    own = Optional.empty();
  }

  /** Returns whether {@code token}, with the same name and rights, is still valid. */
  public boolean isInForce(AccessToken token) {
    return tokens.contains(token);
  }
}
