package ee.lmstudio.sdk.error;

/** The answer is not what LM Studio answers: a proxy, another program on the port, or a defect. */
public final class ProtocolException extends PermanentException {

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param cause what threw; null if nothing did
   */
  public ProtocolException(String message, String hint, Throwable cause) {
    super("upstream_protocol_error", message, hint, cause);
  }
}
