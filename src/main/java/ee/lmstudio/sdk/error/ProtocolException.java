package ee.lmstudio.sdk.error;

/** The answer is not what LM Studio answers: a proxy, another program on the port, or a defect. */
public final class ProtocolException extends PermanentException {

  public ProtocolException(String message, String hint, Throwable cause) {
    super("upstream_protocol_error", message, hint, cause);
  }
}
