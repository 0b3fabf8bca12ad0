package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.LmStudioException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;

/** Finds what really failed in JAX-RS's wrapping. */
public final class Failures {
  private Failures() {}

  /** The failure of the connection; throws the SDK's own refusals as they are. */
  public static IOException unwrap(ProcessingException wrapped) {
    return switch (wrapped.getCause()) {
      case LmStudioException refused -> throw refused;
      case IOException failed -> failed;
      case null, default -> new IOException(wrapped);
    };
  }
}
