package ee.lmstudio.config;

import ee.lmstudio.sdk.Secret;
import java.util.Objects;

/**
 * A caller who may use this server.
 *
 * @param name the unique name of the caller; shown in logs and stored as the owner of streams
 * @param token the token that the caller sends
 * @param admin whether the caller may read and cancel other callers' streams
 */
public record AccessToken(String name, Secret token, boolean admin) {

  public AccessToken {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(token, "token");
  }
}
