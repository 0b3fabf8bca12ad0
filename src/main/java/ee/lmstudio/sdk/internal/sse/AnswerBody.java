package ee.lmstudio.sdk.internal.sse;

import ee.lmstudio.sdk.internal.http.CutBodyException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;
import org.glassfish.jersey.message.internal.ReaderWriter;

/**
 * Decodes the body of an answer and recognises whether it is an event stream. Only the status and
 * the bytes count: a missing or wrong content type does not matter. Not thread-safe.
 */
final class AnswerBody {
  /**
   * The same size as the client's own buffer, so that the client bypasses that buffer and never
   * allocates it.
   */
  private static final int BUFFER = ReaderWriter.BUFFER_SIZE;

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
   * @throws UnexpectedAnswerException if the body is anything else; holds the answer, read up to a
   *     limit
   * @throws CutBodyException if the body is anything else and broke off; holds what arrived
   */
  static AnswerBody requireEventStream(HttpAnswer head, Response response) throws IOException {
    String coding = head.header("Content-Encoding");
    boolean gzip = coding != null && GZIP.contains(coding.strip().toLowerCase(Locale.ROOT));
    if (!gzip && head.status() == 200 && head.compressed()) {
      throw new UnexpectedAnswerException(head); // Do not wait for bytes that we cannot decode.
    }
    if (!gzip && head.status() != 200) {
      throw new UnexpectedAnswerException(HttpAnswer.read(response, Upstream.MAX_JSON));
    }
    InputStream raw = open(response);
    AnswerBody body = new AnswerBody(head, gzip ? new Gunzip(raw) : raw);
    body.requireEventStream();
    return body;
  }

  /**
   * Opens the body. JAX-RS does not return the body of an answer whose content type cannot be
   * parsed.
   */
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
      throw new UnexpectedAnswerException(whole(HttpAnswer.MAX_OTHER));
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
      throw new UnexpectedAnswerException(whole(json ? Upstream.MAX_JSON : HttpAnswer.MAX_OTHER));
    }
  }

  /** Returns the buffer, which begins with {@link #count()} bytes of the body. */
  byte[] buffer() {
    return buffer;
  }

  /** Returns how many bytes in the buffer have not been taken yet. */
  int count() {
    return count;
  }

  /** Refills the buffer and returns the number of bytes; negative at the end. */
  int read() throws IOException {
    return in.read(buffer);
  }

  /** Returns the answer with its decoded body, up to a limit. */
  private HttpAnswer whole(int limit) throws IOException {
    MultivaluedMap<String, String> headers = new MultivaluedHashMap<>(head.headers());
    headers.keySet().removeIf("Content-Encoding"::equalsIgnoreCase);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(buffer, 0, count), in);
    HttpAnswer decoded = new HttpAnswer(head.status(), headers, head.body(), true);
    if (head.status() != 200) {
      return decoded.withBody(all, limit);
    }
    try {
      return decoded.withWholeBody(all, limit);
    } catch (CutBodyException cut) {
      throw cut.failure() instanceof ZipException corrupt ? corrupt : cut;
    }
  }
}
