package ee.lmstudio.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Locale;

/**
 * A request that offers another protocol ({@code Upgrade: h2c}), as Java's own client does with its
 * first. We decline by answering as if it had not. But Payara then takes whatever comes on the
 * connection for the body and waits for its end; this body ends where {@code Content-Length} says.
 */
final class DeclinedUpgrade extends HttpServletRequestWrapper {
  private Body body;

  private DeclinedUpgrade(HttpServletRequest request) {
    super(request);
  }

  /** The request, with a body that ends. */
  static HttpServletRequest of(HttpServletRequest request) {
    return offered(request) ? new DeclinedUpgrade(request) : request;
  }

  /** Whether the body cannot be told from what follows: it is in chunks that Payara passes raw. */
  static boolean hidesTheBody(HttpServletRequest request) {
    String coding = request.getHeader("Transfer-Encoding");
    return offered(request)
        && coding != null
        && coding.toLowerCase(Locale.ROOT).contains("chunked");
  }

  private static boolean offered(HttpServletRequest request) {
    return request.getHeader("Upgrade") != null;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (body == null) {
      body = new Body(super.getInputStream(), Math.max(0, getContentLengthLong()));
    }
    return body;
  }

  private static final class Body extends ServletInputStream {
    private final ServletInputStream in;
    private long left;

    Body(ServletInputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (left == 0 && count > 0) {
        return -1;
      }
      int read = in.read(bytes, from, (int) Math.min(left, count));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(left, in.available());
    }

    @Override
    public boolean isFinished() {
      return left == 0 || in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
