package ee.lmstudio.sdk.error;

/** A stream broke and was not, or could not be, recovered. Ask again. */
public final class StreamingException extends RetryableException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public StreamingException(String message, String hint, Throwable cause) {
    super("upstream_error", message, hint, cause);
  }
}
