package ee.lmstudio.sdk.internal.negotiation;

/** The transport of a stream failed: the answer is incomplete, and another attempt may help. */
final class BrokenStreamException extends Exception {
  BrokenStreamException(String what, Throwable cause) {
    super(what, cause);
  }
}
