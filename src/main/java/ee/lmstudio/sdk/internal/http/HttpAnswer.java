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
 * Holds an answer whose body was read up to a limit.
 *
 * @param status HTTP status
 * @param headers headers by name; names ignore case
 * @param body the body as it arrived
 * @param truncated whether the body is incomplete, because it exceeds the limit or broke off
 */
public record HttpAnswer(
    int status, MultivaluedMap<String, String> headers, byte[] body, boolean truncated) {
  private static final byte[] NOTHING = {};

  /**
   * Limit for bodies that are not JSON: enough for an error message, of which only the beginning is
   * shown.
   */
  public static final int MAX_OTHER = 64 << 10;

  /** Returns the answer without its body, which is not read. */
  public static HttpAnswer head(Response response) {
    return new HttpAnswer(response.getStatus(), response.getStringHeaders(), NOTHING, true);
  }

  /**
   * Reads the body, JSON up to {@code maxJson} bytes, anything else up to 64 KiB. If the body of an
   * error breaks off, the part that arrived is kept, because the status already shows the error.
   *
   * @throws IOException if the body of an answer that is not an error breaks off
   */
  public static HttpAnswer read(Response response, int maxJson) throws IOException {
    return readUpTo(head(response).saysJson() ? maxJson : MAX_OTHER, response);
  }

  /**
   * Reads a body of any type up to {@code longest} bytes, and the body of an error up to 64 KiB.
   *
   * @throws IOException if the body of an answer that is not an error breaks off
   */
  public static HttpAnswer readUpTo(int longest, Response response) throws IOException {
    HttpAnswer head = head(response);
    try (InputStream in = body(response)) {
      return head.withBody(in, longest);
    } catch (UnexpectedAnswerException unreadableType) {
      if (head.status() == 200) {
        throw unreadableType;
      }
      return head;
    }
  }

  /**
   * Returns this answer with a body that is read up to {@code longest} bytes, and up to 64 KiB if
   * the answer is an error. Does not close {@code in}.
   *
   * @throws IOException if the body of an answer that is not an error breaks off
   */
  public HttpAnswer withBody(InputStream in, int longest) throws IOException {
    try {
      return withWholeBody(in, longest);
    } catch (CutBodyException cut) {
      if (status == 200) {
        throw cut.failure();
      }
      return cut.begin();
    }
  }

  /**
   * The same as {@link #withBody}, but if the body breaks off, the exception holds the part that
   * arrived, whatever the status is.
   */
  public HttpAnswer withWholeBody(InputStream in, int longest) throws CutBodyException {
    int limit = status == 200 ? longest : MAX_OTHER;
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    boolean more;
    try {
      byte[] buffer = new byte[8192];
      int count = in.read(buffer);
      while (count >= 0 && read.size() + count <= limit) {
        read.write(buffer, 0, count);
        count = in.read(buffer);
      }
      more = count >= 0;
    } catch (IOException brokeOff) {
      throw new CutBodyException(
          new HttpAnswer(status, headers, read.toByteArray(), true), Failures.ofBody(brokeOff));
    }
    return new HttpAnswer(status, headers, read.toByteArray(), more);
  }

  /**
   * Returns the body of an answer as a stream, which is closed with the answer.
   *
   * @throws UnexpectedAnswerException if the content type cannot be parsed, because JAX-RS does not
   *     return the body of such an answer
   */
  public static InputStream body(Response response) throws UnexpectedAnswerException {
    try {
      return response.readEntity(InputStream.class);
    } catch (ProcessingException unreadableType) {
      throw new UnexpectedAnswerException(head(response));
    }
  }

  /**
   * Returns this answer.
   *
   * @throws UnexpectedAnswerException if its status is not 200
   */
  public HttpAnswer requireOk() throws UnexpectedAnswerException {
    if (status != 200) {
      throw new UnexpectedAnswerException(this);
    }
    return this;
  }

  /** Returns the body as text, without a byte order mark, which JSON parsers refuse. */
  public String text() {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Returns a header's first value; null if the header is absent. */
  public String header(String name) {
    for (var entry : headers.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name) && !entry.getValue().isEmpty()) {
        return entry.getValue().get(0);
      }
    }
    return null;
  }

  /** Returns whether the content type is JSON. */
  public boolean saysJson() {
    return contentType().contains("json");
  }

  /** Returns whether the content type is an event stream. */
  public boolean saysEventStream() {
    return contentType().startsWith(MediaType.SERVER_SENT_EVENTS);
  }

  /** Returns whether the content type is any kind of text. */
  public boolean saysText() {
    return contentType().startsWith("text/");
  }

  /** Returns whether the content type is HTML, which LM Studio never sends. */
  public boolean saysHtml() {
    return contentType().contains("html");
  }

  private String contentType() {
    return Optional.ofNullable(header("Content-Type")).orElse("").strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether the body is encoded, for example with gzip, although the SDK did not ask for
   * it.
   */
  public boolean compressed() {
    String encoding = Optional.ofNullable(header("Content-Encoding")).orElse("").strip();
    return !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity");
  }

  /** Returns the status and the size only, because the body may be private. */
  @Override
  public String toString() {
    return "HttpAnswer[" + status + ", " + body.length + " bytes]";
  }
}
