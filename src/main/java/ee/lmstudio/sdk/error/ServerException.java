package ee.lmstudio.sdk.error;

import java.util.OptionalInt;

/**
 * LM Studio failed by itself: a 5xx, a crashed model, an error in its stream. Look into its log and
 * ask again; a model that crashed has to be loaded anew, perhaps a smaller one.
 */
public final class ServerException extends RetryableException {

  private final int status;
  private final Integer exitCode;

  /**
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   */
  public ServerException(int status, String message, String hint) {
    this(status, message, hint, OptionalInt.empty());
  }

  /**
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   * @param exitCode of the model's process; empty if it did not end, or LM Studio does not say
   */
  public ServerException(int status, String message, String hint, OptionalInt exitCode) {
    super("upstream_error", message, hint, null);
    this.status = status;
    this.exitCode = exitCode.isPresent() ? exitCode.getAsInt() : null;
  }

  /** HTTP status of the answer; 200 when the error came in a body or a stream. */
  public int status() {
    return status;
  }

  /** Exit code of the model's process that crashed; empty if LM Studio does not say. */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }
}
