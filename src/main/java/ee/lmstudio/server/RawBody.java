package ee.lmstudio.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A request's body, read from all that comes on its connection: it ends after a length, or as RFC
 * 9112, section 7.1 says if it is in chunks. Trailers are read and dropped.
 */
final class RawBody extends ServletInputStream {
  /** Most bytes of the line before a chunk, and of all trailers. */
  static final int MAX_LINES = 8 * 1024;

  private static final Pattern SIZE = Pattern.compile("\\p{XDigit}{1,15}");

  private final ServletInputStream in;
  private final boolean chunked;

  /** Bytes that are left of this chunk, or of the body if it has no chunks. */
  private long left;

  private boolean begun;
  private boolean finished;

  private RawBody(ServletInputStream in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
    this.finished = !chunked && left == 0;
  }

  static RawBody ofLength(ServletInputStream in, long bytes) {
    return new RawBody(in, false, bytes);
  }

  static RawBody inChunks(ServletInputStream in) {
    return new RawBody(in, true, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (left == 0 && !finished) {
      nextChunk();
    }
    if (finished) {
      return -1;
    }
    int read = in.read(bytes, from, (int) Math.min(left, count));
    if (read < 0) {
      throw cutOff();
    }
    left -= read;
    finished = !chunked && left == 0;
    return read;
  }

  private void nextChunk() throws IOException {
    if (begun && !line(2).isEmpty()) {
      throw new IOException("A chunk of the request's body is longer than it says.");
    }
    begun = true;
    String size = line(MAX_LINES).split(";", 2)[0].strip();
    if (!SIZE.matcher(size).matches()) {
      throw new IOException("A chunk of the request's body has no size.");
    }
    left = Long.parseLong(size, 16);
    if (left == 0) {
      skipTrailers();
      finished = true;
    }
  }

  private void skipTrailers() throws IOException {
    int budget = MAX_LINES;
    for (String trailer = line(budget); !trailer.isEmpty(); trailer = line(budget)) {
      budget -= trailer.length();
    }
  }

  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw cutOff();
      }
      if (line.length() == most) {
        throw new IOException("A line between chunks of the request's body is too long.");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
    }
    return line.toString();
  }

  private static EOFException cutOff() {
    return new EOFException("The request's body ended in the middle.");
  }

  /**
   * Reads and drops what nobody read. A connection that is closed with unread bytes is reset, and
   * with that the client may lose the answer.
   *
   * @param most bytes; what comes after them stays
   */
  void skipRest(long most) throws IOException {
    byte[] dropped = new byte[4096];
    for (long skipped = 0; skipped < most; ) {
      int read = read(dropped, 0, dropped.length);
      if (read < 0) {
        return;
      }
      skipped += read;
    }
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(left, in.available());
  }

  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public boolean isReady() {
    return finished || in.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    in.setReadListener(listener);
  }
}
