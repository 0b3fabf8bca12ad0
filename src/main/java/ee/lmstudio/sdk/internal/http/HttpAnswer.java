package ee.lmstudio.sdk.internal.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer that was read whole, up to a bound.
 *
 * @param status HTTP status
 * @param headers names without regard to case
 * @param body as it came; cut where {@code truncated}
 * @param truncated whether the body was longer than the bound
 */
public record HttpAnswer(
    int status, MultivaluedMap<String, String> headers, byte[] body, boolean truncated) {

  /** Reads at most {@code limit} bytes of the body. */
  public static HttpAnswer read(Response response, int limit) throws IOException {
    MultivaluedMap<String, String> headers = response.getStringHeaders();
    try (InputStream in = response.readEntity(InputStream.class)) {
      byte[] body = in.readNBytes(limit);
      boolean more = body.length == limit && in.read() >= 0;
      return new HttpAnswer(response.getStatus(), headers, body, more);
    }
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A header's first value; null if it is absent. */
  public String header(String name) {
    for (var entry : headers.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name) && !entry.getValue().isEmpty()) {
        return entry.getValue().get(0);
      }
    }
    return null;
  }

  /** Whether the content type says JSON. */
  public boolean saysJson() {
    return says("json");
  }

  /** Whether the content type says event stream. */
  public boolean saysEventStream() {
    return says(MediaType.SERVER_SENT_EVENTS);
  }

  private boolean says(String type) {
    String contentType = header("Content-Type");
    return contentType != null && contentType.toLowerCase(java.util.Locale.ROOT).contains(type);
  }

  /** Status and size only: the body may be somebody's text. */
  @Override
  public String toString() {
    return "HttpAnswer[" + status + ", " + body.length + " bytes]";
  }
}
