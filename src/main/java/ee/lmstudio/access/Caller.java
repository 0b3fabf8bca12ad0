package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import java.security.Principal;

/**
 * Who is signed in.
 *
 * @param name name of the access token
 * @param admin whether other people's streams may be seen and ended
 */
public record Caller(String name, boolean admin) implements Principal {

  /** The role of those who may see and end other people's streams. */
  public static final String ADMIN_ROLE = "admin";

  static Caller of(AccessToken token) {
    return new Caller(token.name(), token.admin());
  }

  @Override
  public String getName() {
    return name;
  }
}
