package ee.lmstudio.sdk.error;

import java.util.OptionalInt;

/**
 * LM Studio failed by itself: a 5xx, a crashed model, an error in its stream. Look into its log and
 * ask again; a model that crashed has to be loaded anew, perhaps a smaller one.
 */
public final class ServerException extends RetryableException {

  /** HTTP status of the answer. */
  private final int status;

  /** Exit code of the model's process; null if LM Studio does not say. */
  private final Integer exitCode;

  /**
   * An error of this kind.
   *
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   * @param message what failed, with which value
   * @param hint what to do next
   */
  public ServerException(int status, String message, String hint) {
    this(status, message, hint, OptionalInt.empty());
  }

  /**
   * An error of this kind.
   *
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   * @param message what failed, with which value
   * @param hint what to do next
   * @param exitCode of the model's process; empty if it did not end, or LM Studio does not say
   */
  public ServerException(int status, String message, String hint, OptionalInt exitCode) {
    super("upstream_error", message, hint, null);
    this.status = status;
    this.exitCode = exitCode.isPresent() ? exitCode.getAsInt() : null;
  }

  /** {@return the HTTP status of the answer; 200 when the error came in a body or a stream} */
  public int status() {
    return status;
  }

  /**
   * {@return the exit code of the model's process that crashed; empty if LM Studio does not say}
   */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }
}
