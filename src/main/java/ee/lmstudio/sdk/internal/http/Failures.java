package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.MessageConstraintException;

/** Finds what really failed in JAX-RS's wrapping. */
public final class Failures {
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

  private static ProtocolException notHttp(IOException cause) {
    return new ProtocolException(
        "What answers does not speak HTTP as LM Studio does: " + cause.getMessage(),
        "Is there another program on this port? Check lm-studio.base-url.",
        cause);
  }
}
