package ee.lmstudio.sdk.error;

/** A stream broke and was not, or could not be, recovered. Ask again. */
public final class StreamingException extends RetryableException {

  public StreamingException(String message, String hint, Throwable cause) {
    super("upstream_error", message, hint, cause);
  }
}
