package ee.lmstudio.http.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sends bytes to a server, and reads the whole answer or fails. */
final class RawAnswerReader implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;

  /**
   * An answer.
   *
   * @param headers the lines of the headers
   */
  record Whole(int status, List<String> headers, String body) {
    /** Returns every value of a header. */
    List<String> all(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }

    /** Returns the first value of a header; empty if there is none. */
    String first(String name) {
      return all(name).stream().findFirst().orElse("");
    }
  }

  private final Socket socket = new Socket();
  private final long end;
  private InputStream in;

  private RawAnswerReader(int port, int limitMillis) throws IOException {
    end = System.nanoTime() + limitMillis * 1_000_000L;
    socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
  }

  /**
   * Sends a request and returns the answer, or empty if the server closes the connection without an
   * answer.
   *
   * @param withoutBody whether the answer has no body, as that to {@code HEAD}
   * @param endsHere whether to tell the server that no more bytes follow
   * @throws SocketTimeoutException if the whole answer does not arrive in time
   */
  static Optional<Whole> exchange(
      int port, byte[] request, boolean withoutBody, boolean endsHere, int limitMillis)
      throws IOException {
    try (RawAnswerReader reader = new RawAnswerReader(port, limitMillis)) {
      try {
        OutputStream out = reader.socket.getOutputStream();
        out.write(request);
        if (endsHere) {
          reader.socket.shutdownOutput();
        }
      } catch (IOException refusedBeforeItsEnd) {
        // The answer may have arrived anyway.
      }
      reader.in = new BufferedInputStream(reader.socket.getInputStream());
      return reader.answer(withoutBody);
    }
  }

  private Optional<Whole> answer(boolean withoutBody) throws IOException {
    String first;
    try {
      first = line();
      while (first.startsWith("HTTP/1.1 100")) {
        line();
        first = line();
      }
    } catch (SocketTimeoutException hangs) {
      throw hangs;
    } catch (IOException closed) {
      return Optional.empty();
    }
    if (!first.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("Not HTTP: " + first);
    }
    List<String> headers = new ArrayList<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      headers.add(header);
    }
    int status = Integer.parseInt(first.substring(9, 12));
    Whole head = new Whole(status, headers, "");
    boolean none = withoutBody || status == 204 || status == 304;
    return Optional.of(none ? head : new Whole(status, headers, body(head)));
  }

  private String body(Whole head) throws IOException {
    if (head.first("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = chunk(); size > 0; size = chunk()) {
        read(size, all);
        line();
      }
      line();
      return all.toString(UTF_8);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String length = head.first("Content-Length");
    if (length.isEmpty()) {
      throw new IOException("An answer without an end: " + head);
    }
    read(Integer.parseInt(length), all);
    return all.toString(UTF_8);
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private void read(int count, ByteArrayOutputStream to) throws IOException {
    byte[] some = new byte[8192];
    for (int left = count; left > 0; ) {
      hurry();
      int read = in.read(some, 0, Math.min(left, some.length));
      if (read < 0) {
        throw new EOFException("The connection ended %d bytes too early".formatted(left));
      }
      to.write(some, 0, read);
      left -= read;
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    hurry();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The connection ended after: " + line.toString(ISO_8859_1));
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).strip();
  }

  private void hurry() throws IOException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("The answer is not whole in time");
    }
    socket.setSoTimeout((int) left);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
