package ee.lmstudio.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/**
 * A connection whose client decides itself which bytes it sends, and whether it reads. A read waits
 * for at most {@link #LIMIT_MILLIS}.
 */
final class RawConnection implements AutoCloseable {
  private static final int LIMIT_MILLIS = 60_000;

  /** A client that reads nothing offers as little room as the system allows. */
  private static final int SMALL_WINDOW = 4 * 1024;

  private final Socket socket;
  private InputStream in;

  private RawConnection(Socket socket) {
    this.socket = socket;
  }

  /**
   * Opens a connection from a loopback address.
   *
   * @param from the last number of the address: 127.0.0.{@code from}
   */
  static RawConnection open(int port, int from) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(SMALL_WINDOW);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.bind(new InetSocketAddress("127.0.0." + from, 0));
      socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
      return new RawConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * Reads the next answer to its end and returns its status. Closes the connection if the answer
   * announces it.
   *
   * @throws EOFException if the server closed the connection
   */
  int readStatus() throws IOException {
    int status = readFirstLine();
    long length = 0;
    boolean chunked = false;
    boolean last = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      }
      chunked |= lower.equals("transfer-encoding: chunked");
      last |= lower.equals("connection: close");
    }
    if (chunked) {
      for (long size = chunk(); size > 0; size = chunk()) {
        in.skipNBytes(size + 2);
      }
      line();
    } else {
      in.skipNBytes(length);
    }
    if (last) {
      close();
    }
    return status;
  }

  /** Reads only the first line of the next answer and returns its status. */
  int readFirstLine() throws IOException {
    if (in == null) {
      in = new BufferedInputStream(socket.getInputStream());
    }
    return Integer.parseInt(line().split(" ")[1]);
  }

  /** Returns the status of the answer that arrives within some milliseconds, or what else did. */
  String glance(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return "" + readFirstLine();
    } catch (SocketTimeoutException nothing) {
      return Attacker.SILENT;
    } catch (EOFException | SocketException ended) {
      return Attacker.CLOSED;
    } finally {
      socket.setSoTimeout(LIMIT_MILLIS);
    }
  }

  private long chunk() throws IOException {
    return Long.parseLong(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The connection ended after: " + line);
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
