package ee.lmstudio.sdk.error;

/**
 * Thrown if LM Studio requires an API token, or refused the token that was sent. Set {@code
 * apiKey}.
 */
public final class AuthenticationException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public AuthenticationException(String message, String hint, Throwable cause) {
    super("upstream_auth_failed", message, hint, cause);
  }
}
