package ee.lmstudio.sdk.error;

/** LM Studio wants an API token, or another one. Set {@code lm-studio.api-key}. */
public final class AuthenticationException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public AuthenticationException(String message, String hint, Throwable cause) {
    super("upstream_auth_failed", message, hint, cause);
  }
}
