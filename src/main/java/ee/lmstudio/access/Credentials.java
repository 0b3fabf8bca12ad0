package ee.lmstudio.access;

import java.util.Objects;
import java.util.Optional;

/**
 * The credentials of a request.
 *
 * @param token the access token in a header of the request; empty if it has none
 * @param session the id of a session, from the cookie; empty if there is no cookie
 * @param address the IP address of the client
 */
public record Credentials(Optional<String> token, Optional<String> session, String address) {
  private static final String BEARER = "Bearer ";

  public Credentials {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(address, "address");
  }

  /**
   * Returns the access token of a request's headers. {@code Authorization} comes first; {@code
   * x-api-key}, which Anthropic's clients send, counts if the other header has no bearer token.
   *
   * @param authorization the header {@code Authorization}, or null
   * @param apiKey the header {@code x-api-key}, or null
   */
  public static Optional<String> token(String authorization, String apiKey) {
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.of(authorization.substring(BEARER.length()).strip());
    }
    return Optional.ofNullable(apiKey).map(String::strip);
  }
}
