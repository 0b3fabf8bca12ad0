package ee.lmstudio.config;

import ee.lmstudio.sdk.Secret;
import java.util.Objects;

/**
 * Somebody who may use this server.
 *
 * @param name who it is, unique; shown in logs and as the owner of streams
 * @param token what they show
 * @param admin whether they may see and end other people's streams
 */
public record AccessToken(String name, Secret token, boolean admin) {

  public AccessToken {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(token, "token");
  }
}
