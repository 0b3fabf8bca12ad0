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
 * A request that offers another protocol ({@code Upgrade: h2c}), as Java's own client does in its
 * first request. We decline by answering as if there were no offer. Payara, however, then treats
 * all bytes that arrive on the connection as the body, and closes the connection after the answer.
 * So this class finds the end of the body itself. It also reads the whole body, because a client
 * whose connection is reset while it is sending loses the answer.
 */
public final class DeclinedUpgrade extends HttpServletRequestWrapper {
  /** In bytes. A client that sends more after a refusal may lose the answer. */
  private static final long MOST_UNREAD = 64L * 1024 * 1024;

  private static final String FORM = "application/x-www-form-urlencoded";

  private static final Logger LOG = Logger.getLogger(DeclinedUpgrade.class.getName());

  /** How many of Payara's 200 threads may read unread bodies at the same time. */
  private static final int MOST_SKIPPING = 16;

  private static final Semaphore SKIPPING = new Semaphore(MOST_SKIPPING);

  private RawBody body;

  private DeclinedUpgrade(HttpServletRequest request) {
    super(request);
  }

  /** Returns the request, with a body that ends where its headers say it ends. */
  public static HttpServletRequest of(HttpServletRequest request) {
    return request.getHeader("Upgrade") == null ? request : new DeclinedUpgrade(request);
  }

  /**
   * Reads the part of the body that the application did not read, if the request offered an
   * upgrade. The number of concurrent calls is limited, because a call holds a thread for as long
   * as the client keeps sending. Call it before the answer is sent: Payara announces that it closes
   * the connection only if no unread body is left by then.
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

  /** Payara reads a form itself. Waiting for more bytes after it would never end. */
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
