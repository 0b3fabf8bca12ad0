package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** Unwraps the failures of connections that JAX-RS wraps. */
public final class Failures {
  /** The message quotes a line of up to 64 KiB, which may hold anything. */
  private static final Redaction QUOTED = new Redaction(Optional.empty(), Map.of());

  private Failures() {}

  /**
   * The failure of the connection.
   *
   * @throws LmStudioException the SDK's own refusals as they are, and {@link ProtocolException} if
   *     what answers does not speak HTTP within its bounds
   */
  public static IOException unwrap(ProcessingException wrapped) {
    return switch (wrapped.getCause()) {
      case LmStudioException refused -> throw refused;
      case ClientProtocolException notHttp -> throw notHttp(notHttp);
      case MessageConstraintException tooLarge -> throw notHttp(tooLarge);
      case IOException failed -> failed;
      case null, default -> new IOException(wrapped);
    };
  }

  /**
   * The failure of a body, as it can be told: what the client says of chunks that it cannot read
   * quotes them, and they may be somebody's answer.
   */
  public static IOException ofBody(IOException failed) {
    return failed instanceof MalformedChunkCodingException
            && !(failed instanceof TruncatedChunkException)
        ? new IOException("The chunks of the answer cannot be read")
        : failed;
  }

  private static ProtocolException notHttp(IOException cause) {
    return new ProtocolException(
        "The server at this address did not answer with valid HTTP: "
            + QUOTED.clean(cause.getMessage()),
        "Check `baseUrl`: another program may answer on this port.",
        cause);
  }
}
