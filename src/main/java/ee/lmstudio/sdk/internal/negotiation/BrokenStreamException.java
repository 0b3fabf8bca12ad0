package ee.lmstudio.sdk.internal.negotiation;

/**
 * Thrown if the transport of a stream failed: the answer is incomplete, and another attempt may
 * succeed.
 */
final class BrokenStreamException extends Exception {
  BrokenStreamException(String what, Throwable cause) {
    super(what, cause);
  }
}
