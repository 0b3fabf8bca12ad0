package ee.lmstudio.server;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A request that offers another protocol ({@code Upgrade: h2c}), as Java's own client does with its
 * first. We decline by answering as if it had not. But Payara then takes whatever comes on the
 * connection for the body, and closes it after the answer; so where the body ends is for us to
 * find, and to read all of it, for a client that is reset while it sends loses the answer.
 */
public final class DeclinedUpgrade extends HttpServletRequestWrapper {
  /** Bytes; who sends more than that unasked may lose the answer. */
  private static final long MOST_UNREAD = 64L * 1024 * 1024;

  private static final String FORM = "application/x-www-form-urlencoded";

  private static final Logger LOG = Logger.getLogger(DeclinedUpgrade.class.getName());

  /** Of Payara's 200 threads. */
  private static final int MOST_SKIPPING = 16;

  private static final Semaphore SKIPPING = new Semaphore(MOST_SKIPPING);

  private RawBody body;

  private DeclinedUpgrade(HttpServletRequest request) {
    super(request);
  }

  /** Returns the request, with a body that ends where its headers say. */
  public static HttpServletRequest of(HttpServletRequest request) {
    return request.getHeader("Upgrade") == null ? request : new DeclinedUpgrade(request);
  }

  /**
   * Reads what the application left of the body, if the request is one of these; not for many at a
   * time, for it holds a thread as long as the client likes to send. The answer is sent afterwards:
   * Payara tells that it closes the connection only if it has no more of it to read by then.
   */
  public static void skipRest(HttpServletRequest request) {
    if (request instanceof DeclinedUpgrade declined && !request.isAsyncStarted()) {
      try {
        declined.skipRest();
      } catch (IOException broken) {
        LOG.log(Level.FINE, "The rest of a request's body could not be read", broken);
      }
    }
  }

  private void skipRest() throws IOException {
    if (mayBeUnread() && !getInputStream().isFinished() && SKIPPING.tryAcquire()) {
      try {
        body.skipRest(MOST_UNREAD);
      } finally {
        SKIPPING.release();
      }
    }
  }

  @Override
  public RawBody getInputStream() throws IOException {
    if (body == null) {
      ServletInputStream all = super.getInputStream();
      body =
          isInChunks()
              ? RawBody.inChunks(all)
              : RawBody.ofLength(all, Math.max(0, getContentLengthLong()));
    }
    return body;
  }

  /** A form was read by Payara, if it was; what comes after it would never come. */
  private boolean mayBeUnread() {
    String type = getContentType();
    boolean form = type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
    return !form && (isInChunks() || getContentLengthLong() > 0);
  }

  private boolean isInChunks() {
    String coding = getHeader("Transfer-Encoding");
    return coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked");
  }
}
