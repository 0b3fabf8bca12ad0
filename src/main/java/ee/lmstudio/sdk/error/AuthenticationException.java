package ee.lmstudio.sdk.error;

/** LM Studio requires an API token, or refused the one that was sent. Set {@code apiKey}. */
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
