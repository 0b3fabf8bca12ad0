package ee.lmstudio.sdk.internal.sse;

import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import org.glassfish.jersey.message.internal.ReaderWriter;

/**
 * The body of an answer: decoded, and told to be an event stream or not. Only the status counts,
 * and the bytes: a content type that is missing or wrong refuses nothing. One thread.
 */
final class AnswerBody {
  /** The size of the client's own buffer, which the client then bypasses and never allocates. */
  private static final int BUFFER = ReaderWriter.BUFFER_SIZE;

  /** A body that is neither an event stream nor JSON is only shown by its beginning. */
  private static final int MAX_OTHER = 64 << 10;

  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

  private final HttpAnswer head;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int count;

  private AnswerBody(HttpAnswer head, InputStream in) {
    this.head = head;
    this.in = in;
  }

  /**
   * Returns the body if it is an event stream.
   *
   * @throws UnexpectedAnswerException if it is anything else; holds the answer, read up to a bound
   */
  static AnswerBody requireEventStream(HttpAnswer head, Response response) throws IOException {
    String coding = head.header("Content-Encoding");
    boolean gzip = coding != null && GZIP.contains(coding.strip().toLowerCase(Locale.ROOT));
    if (!gzip && (head.status() != 200 || head.compressed())) {
      throw new UnexpectedAnswerException(HttpAnswer.read(response, Upstream.MAX_JSON));
    }
    InputStream raw = open(response);
    AnswerBody body = new AnswerBody(head, gzip ? new Gunzip(raw) : raw);
    body.requireEventStream();
    return body;
  }

  /** JAX-RS refuses to give the body of an answer whose content type cannot be parsed. */
  private static InputStream open(Response response) throws IOException {
    try {
      return HttpAnswer.body(response);
    } catch (UnexpectedAnswerException unreadableType) {
      if (response.getEntity() instanceof InputStream raw) {
        return raw;
      }
      throw unreadableType;
    }
  }

  private void requireEventStream() throws IOException {
    if (head.status() != 200) {
      throw new UnexpectedAnswerException(whole(MAX_OTHER));
    }
    if (head.saysEventStream()) {
      return;
    }
    FirstBytes.Kind kind = FirstBytes.Kind.UNDECIDED;
    int more = 0;
    while (kind == FirstBytes.Kind.UNDECIDED && more >= 0 && count < BUFFER) {
      more = in.read(buffer, count, BUFFER - count);
      count += Math.max(0, more);
      kind = FirstBytes.of(buffer, count);
    }
    if (kind != FirstBytes.Kind.EVENT_STREAM) {
      boolean json = kind == FirstBytes.Kind.JSON;
      throw new UnexpectedAnswerException(whole(json ? Upstream.MAX_JSON : MAX_OTHER));
    }
  }

  /** The bytes that {@link #count()} counts are at its beginning. */
  byte[] buffer() {
    return buffer;
  }

  /** How many bytes came and are not taken yet; not more than the buffer holds. */
  int count() {
    return count;
  }

  /** Fills the buffer anew and returns how many bytes came; negative at the end. */
  int read() throws IOException {
    return in.read(buffer);
  }

  /** The answer with its decoded body, up to a bound. An error may break off. */
  private HttpAnswer whole(int limit) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int more = count;
    try {
      while (more >= 0 && body.size() + more <= limit) {
        body.write(buffer, 0, more);
        more = in.read(buffer);
      }
    } catch (IOException brokeOff) {
      if (head.status() == 200) {
        throw brokeOff;
      }
      more = 0;
    }
    MultivaluedMap<String, String> headers = new MultivaluedHashMap<>(head.headers());
    headers.keySet().removeIf("Content-Encoding"::equalsIgnoreCase);
    return new HttpAnswer(head.status(), headers, body.toByteArray(), more >= 0);
  }
}
