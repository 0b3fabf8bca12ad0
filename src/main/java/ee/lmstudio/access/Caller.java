package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import java.security.Principal;

/**
 * A caller that is signed in.
 *
 * @param name the name of the access token
 * @param admin whether the caller may see and cancel the streams of other callers
 */
public record Caller(String name, boolean admin) implements Principal {

  /** The role of callers that may see and cancel the streams of other callers. */
  public static final String ADMIN_ROLE = "admin";

  static Caller of(AccessToken token) {
    return new Caller(token.name(), token.admin());
  }

  @Override
  public String getName() {
    return name;
  }
}
