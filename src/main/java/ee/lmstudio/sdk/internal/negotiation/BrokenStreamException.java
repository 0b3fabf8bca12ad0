package ee.lmstudio.sdk.internal.negotiation;

/** The transport of a stream failed: what came is incomplete, and asking again may help. */
final class BrokenStreamException extends Exception {
  BrokenStreamException(String what, Throwable cause) {
    super(what, cause);
  }
}
