package ee.lmstudio.sdk.error;

import java.util.OptionalInt;

/**
 * Thrown if LM Studio itself failed: a 5xx status, a crashed model or an error in its stream. Check
 * LM Studio's log and retry. After a crash, load the model again or choose a smaller model.
 */
public final class ServerException extends RetryableException {

  /** HTTP status of the answer. */
  private final int status;

  /** Exit code of the model's process; null if LM Studio does not say. */
  private final Integer exitCode;

  /**
   * Creates an exception of this kind.
   *
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   * @param message says what failed, and with which value
   * @param hint says what to do next
   */
  public ServerException(int status, String message, String hint) {
    this(status, message, hint, OptionalInt.empty());
  }

  /**
   * Creates an exception of this kind.
   *
   * @param status HTTP status of the answer; 200 when an error came in a body or a stream
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param exitCode exit code of the model's process; empty if the process did not end, or LM
   *     Studio does not say
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
