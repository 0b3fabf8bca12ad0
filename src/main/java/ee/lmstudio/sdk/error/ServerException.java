package ee.lmstudio.sdk.error;

/** LM Studio failed by itself: a 5xx, a crashed model, an error in its stream. */
public final class ServerException extends RetryableException {

  private final int status;

  /**
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   */
  public ServerException(int status, String message, String hint) {
    super("upstream_error", message, hint, null);
    this.status = status;
  }

  /** HTTP status of the answer; 200 when the error came in a body or a stream. */
  public int status() {
    return status;
  }
}
