package ee.lmstudio.sdk.internal.http;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer that was read whole, up to a bound.
 *
 * @param status HTTP status
 * @param headers names without regard to case
 * @param body as it came; cut where {@code truncated}
 * @param truncated whether the body was longer, than the bound or than what arrived
 */
public record HttpAnswer(
    int status, MultivaluedMap<String, String> headers, byte[] body, boolean truncated) {
  private static final byte[] NOTHING = {};

  /** Enough for an error and its message; what is no JSON is shown by its beginning only. */
  private static final int MAX_OTHER = 64 << 10;

  /** The answer without its body, of which nothing was read. */
  public static HttpAnswer head(Response response) {
    return new HttpAnswer(response.getStatus(), response.getStringHeaders(), NOTHING, true);
  }

  /**
   * Reads the body, JSON up to {@code maxJson} bytes, anything else up to 64 KiB. An error is
   * stated by its status already: if its body breaks off, what came of it is kept.
   *
   * @throws IOException if the body of an answer that is no error breaks off
   */
  public static HttpAnswer read(Response response, int maxJson) throws IOException {
    return readUpTo(head(response).saysJson() ? maxJson : MAX_OTHER, response);
  }

  /**
   * Reads the body, whatever its type, up to {@code longest} bytes; of an error up to 64 KiB.
   *
   * @throws IOException if the body of an answer that is no error breaks off
   */
  public static HttpAnswer readUpTo(int longest, Response response) throws IOException {
    HttpAnswer head = head(response);
    int limit = head.status() == 200 ? longest : MAX_OTHER;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean more;
    try (InputStream in = body(response)) {
      byte[] buffer = new byte[8192];
      int count = in.read(buffer);
      while (count >= 0 && body.size() + count <= limit) {
        body.write(buffer, 0, count);
        count = in.read(buffer);
      }
      more = count >= 0;
    } catch (IOException brokeOff) {
      if (head.status() == 200) {
        throw Failures.ofBody(brokeOff);
      }
      more = true;
    }
    return new HttpAnswer(head.status(), head.headers(), body.toByteArray(), more);
  }

  /**
   * The body of an answer, to be read as it comes; closing the answer closes it.
   *
   * @throws UnexpectedAnswerException if the answer's content type is none: JAX-RS refuses to give
   *     the body of such a one
   */
  public static InputStream body(Response response) throws UnexpectedAnswerException {
    try {
      return response.readEntity(InputStream.class);
    } catch (ProcessingException unreadableType) {
      throw new UnexpectedAnswerException(head(response));
    }
  }

  /**
   * This answer.
   *
   * @throws UnexpectedAnswerException if its status is not 200
   */
  public HttpAnswer requireOk() throws UnexpectedAnswerException {
    if (status != 200) {
      throw new UnexpectedAnswerException(this);
    }
    return this;
  }

  /** The body as text, without a byte order mark, which no reader of JSON takes. */
  public String text() {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
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
    return contentType().contains("json");
  }

  /** Whether the content type says event stream. */
  public boolean saysEventStream() {
    return contentType().startsWith(MediaType.SERVER_SENT_EVENTS);
  }

  /** Whether the content type says text of any kind. */
  public boolean saysText() {
    return contentType().startsWith("text/");
  }

  /** Whether the content type says HTML, which LM Studio never sends. */
  public boolean saysHtml() {
    return contentType().contains("html");
  }

  private String contentType() {
    return Optional.ofNullable(header("Content-Type")).orElse("").strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the body is encoded, gzip for one, which was not asked for. */
  public boolean compressed() {
    String encoding = Optional.ofNullable(header("Content-Encoding")).orElse("").strip();
    return !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity");
  }

  /** Status and size only: the body may be somebody's text. */
  @Override
  public String toString() {
    return "HttpAnswer[" + status + ", " + body.length + " bytes]";
  }
}
