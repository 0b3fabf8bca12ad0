package ee.lmstudio.server;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the body of a request in the raw bytes of its connection. The body ends after a length, or
 * where the chunked coding of RFC 9112, section 7.1, ends. Trailers are dropped.
 *
 * <p>This is needed for a request that offers another protocol ({@code Upgrade: h2c}), as Java's
 * own client does in its first request. We decline by answering as if there were no offer. Payara,
 * however, then treats all bytes that arrive on the connection as the body, and closes the
 * connection after the answer.
 */
public final class RawBody {
  /** The maximum length in bytes of the line before a chunk, and of all trailers together. */
  static final int MAX_LINES = 8 * 1024;

  private static final Pattern SIZE = Pattern.compile("\\p{XDigit}{1,15}");

  /** Receives the bytes of the body. */
  @FunctionalInterface
  public interface Sink {
    /** Receives the bytes from index {@code from} up to, but not including, {@code to}. */
    void take(byte[] bytes, int from, int to) throws IOException;
  }

  /** The part of the body to which the next byte belongs. */
  private enum Part {
    DATA,
    SIZE_LINE,
    LINE_AFTER_CHUNK,
    TRAILERS,
    NOTHING
  }

  private final boolean chunked;
  private final StringBuilder line = new StringBuilder();
  private Part part;

  /** The number of bytes left in this chunk, or in the body if it is not chunked. */
  private long left;

  /** How many more bytes trailers may have. */
  private int budget = MAX_LINES;

  private RawBody(boolean chunked, long left) {
    this.chunked = chunked;
    this.left = left;
    part = chunked ? Part.SIZE_LINE : left > 0 ? Part.DATA : Part.NOTHING;
  }

  static RawBody ofLength(long bytes) {
    return new RawBody(false, bytes);
  }

  static RawBody inChunks() {
    return new RawBody(true, 0);
  }

  /**
   * Returns a new object for a request that offers another protocol; empty for any other request,
   * whose body the container finds.
   */
  public static Optional<RawBody> ofDeclinedUpgrade(HttpServletRequest request) {
    if (request.getHeader("Upgrade") == null) {
      return Optional.empty();
    }
    String coding = request.getHeader("Transfer-Encoding");
    boolean inChunks = coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked");
    return Optional.of(
        inChunks ? inChunks() : ofLength(Math.max(0, request.getContentLengthLong())));
  }

  /** Returns whether the whole body was taken. */
  public boolean isFinished() {
    return part == Part.NOTHING;
  }

  /**
   * Takes the next bytes of the connection. Bytes after the end of the body are ignored.
   *
   * @throws IOException if the bytes do not follow the chunked coding, or from {@code sink}
   */
  public void take(byte[] bytes, int from, int to, Sink sink) throws IOException {
    int next = from;
    while (next < to && part != Part.NOTHING) {
      if (part == Part.DATA) {
        int end = (int) Math.min(to, next + Math.min(left, Integer.MAX_VALUE - next));
        sink.take(bytes, next, end);
        left -= end - next;
        next = end;
        if (left == 0) {
          part = chunked ? Part.LINE_AFTER_CHUNK : Part.NOTHING;
        }
      } else {
        takeOfLine((char) (bytes[next] & 0xFF));
        next++;
      }
    }
  }

  private void takeOfLine(char next) throws IOException {
    if (next != '\n') {
      int most =
          switch (part) {
            case LINE_AFTER_CHUNK -> 2;
            case TRAILERS -> budget;
            default -> MAX_LINES;
          };
      if (line.length() == most) {
        throw new IOException(
            part == Part.LINE_AFTER_CHUNK
                ? "A chunk of the request body is longer than its size line says."
                : "A line between chunks of the request body is too long (limit "
                    + MAX_LINES
                    + " bytes).");
      }
      line.append(next);
      return;
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
    }
    String whole = line.toString();
    line.setLength(0);
    endLine(whole);
  }

  private void endLine(String whole) throws IOException {
    switch (part) {
      case SIZE_LINE -> {
        String size = whole.split(";", 2)[0].strip();
        if (!SIZE.matcher(size).matches()) {
          throw new IOException("A chunk of the request body has no valid size line.");
        }
        left = Long.parseLong(size, 16);
        part = left == 0 ? Part.TRAILERS : Part.DATA;
      }
      case LINE_AFTER_CHUNK -> {
        if (!whole.isEmpty()) {
          throw new IOException("A chunk of the request body is longer than its size line says.");
        }
        part = Part.SIZE_LINE;
      }
      case TRAILERS -> {
        budget -= whole.length();
        part = whole.isEmpty() ? Part.NOTHING : Part.TRAILERS;
      }
      default -> throw new IllegalStateException("Not in a line: " + part);
    }
  }
}
