package ee.lmstudio.sdk.error;

/**
 * Thrown if the answer does not have the form of LM Studio's answers. A proxy or another program
 * may be listening on the port, or LM Studio may have a defect.
 */
public final class ProtocolException extends PermanentException {

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param cause the exception that caused this one; null if there is none
   */
  public ProtocolException(String message, String hint, Throwable cause) {
    super("upstream_protocol_error", message, hint, cause);
  }
}
