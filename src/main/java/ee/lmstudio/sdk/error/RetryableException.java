package ee.lmstudio.sdk.error;

/** The same call may work later, unchanged. */
public abstract sealed class RetryableException extends LmStudioException
    permits ConnectionException,
        TimeoutException,
        RateLimitedException,
        ServerException,
        OverloadedException,
        StreamingException {

  RetryableException(String code, String message, String hint, Throwable cause) {
    super(code, message, hint, cause);
  }
}
