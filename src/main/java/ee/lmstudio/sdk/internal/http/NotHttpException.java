package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.ProtocolException;
import java.io.IOException;

/**
 * Thrown if the server's answer is not valid HTTP. {@link UpstreamCall} replaces it before it
 * leaves the SDK, because its cause quotes the server.
 */
final class NotHttpException extends RuntimeException {
  private final IOException raw;

  NotHttpException(IOException raw) {
    super("The server at this address did not answer with valid HTTP", raw);
    this.raw = raw;
  }

  /** Returns the exception for the caller, without secrets. */
  ProtocolException stated(Redaction redaction) {
    return new ProtocolException(
        getMessage() + ": " + redaction.clean(String.valueOf(raw.getMessage())),
        "Check `baseUrl`: another program may answer on this port.",
        Failures.cleaned(raw, redaction));
  }
}
