package ee.lmstudio.simulator.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that returns the raw bytes of a connection. No read waits longer than 10 s. */
final class RawClient implements AutoCloseable {
  private final Socket socket;

  RawClient(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(10_000);
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  RawClient get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  RawClient post(String path, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return send(
        "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n" + body);
  }

  /** Returns the bytes up to and including {@code end}. */
  String readUntil(String end) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith(end)) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("The connection ended after: " + text);
      }
      seen.write(next);
      text = seen.toString(StandardCharsets.UTF_8);
    }
    return text;
  }

  /** Returns the bytes up to the FIN. An RST causes an {@link IOException}. */
  String readToEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
