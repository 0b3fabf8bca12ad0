package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** Finds what really failed in JAX-RS's wrapping. */
public final class Failures {
  /** What came in place of a head is quoted: a line of up to 64 KiB, of anything. */
  private static final Redaction QUOTED = new Redaction(Optional.empty(), List.of());

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
        "What answers does not speak HTTP as LM Studio does: " + QUOTED.clean(cause.getMessage()),
        "Is there another program on this port? Check lm-studio.base-url.",
        cause);
  }
}
