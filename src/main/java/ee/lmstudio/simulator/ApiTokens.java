package ee.lmstudio.simulator;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the API token of a request, as LM Studio does if “Require Authentication” is on.
 *
 * @param accepted the tokens that are accepted, with their permissions; empty: none is required
 */
record ApiTokens(Map<String, Set<TokenPermission>> accepted) {
  static final Pattern FORM = Pattern.compile("sk-lm-[A-Za-z0-9]{8}:[A-Za-z0-9]{20}");

  private static final int SHOWN_CHARACTERS = 10;
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(.*)");
  private static final String MISSING =
      "An LM Studio API token is required to make requests to this server, but none was provided"
          + " using the Authorization header using the 'Bearer' scheme (i.e., 'Authorization:"
          + " Bearer $LM_API_TOKEN'). Learn more at:"
          + " https://lmstudio.ai/docs/developer/core/authentication.";

  /**
   * Returns the permissions of {@code request}: all of them if no token is required. The greeting
   * needs no token.
   *
   * @throws Refusal with status 401 if the token is missing or wrong
   */
  Set<TokenPermission> permissions(SimulatorRequest request) {
    if (accepted.isEmpty() || request.path().equals("/lmstudio-greeting")) {
      return EnumSet.allOf(TokenPermission.class);
    }
    String token = token(request).orElseThrow(() -> Refusal.unauthorized(MISSING));
    if (!accepted.containsKey(token)) {
      String problem = FORM.matcher(token).matches() ? "Invalid" : "Malformed";
      throw Refusal.unauthorized(problem + " LM Studio API token provided: " + masked(token));
    }
    return accepted.get(token);
  }

  private static Optional<String> token(SimulatorRequest request) {
    Optional<String> bearer =
        request
            .header("Authorization")
            .map(value -> BEARER.matcher(value.strip()))
            .filter(Matcher::matches)
            .map(value -> value.group(1).strip());
    return request.path().equals("/v1/messages")
        ? bearer.or(() -> request.header("x-api-key"))
        : bearer;
  }

  /** LM Studio shows the first ten characters. */
  private static String masked(String token) {
    int shown = Math.min(SHOWN_CHARACTERS, token.length());
    return token.substring(0, shown) + "*".repeat(token.length() - shown);
  }
}
