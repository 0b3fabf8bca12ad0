package ee.lmstudio.sdk.error;

/** Thrown if a stream broke and was not, or could not be, recovered. Retry the call. */
public final class StreamingException extends RetryableException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public StreamingException(String message, String hint, Throwable cause) {
    super("upstream_error", message, hint, cause);
  }
}
