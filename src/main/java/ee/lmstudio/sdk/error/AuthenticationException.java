package ee.lmstudio.sdk.error;

/** LM Studio wants an API token, or another one. Set {@code lm-studio.api-key}. */
public final class AuthenticationException extends PermanentException {

  public AuthenticationException(String message, String hint, Throwable cause) {
    super("upstream_auth_failed", message, hint, cause);
  }
}
