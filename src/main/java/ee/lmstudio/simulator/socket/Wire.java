package ee.lmstudio.simulator.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes one HTTP/1.1 answer to a socket: head, framed body, end. Used by one thread. */
final class Wire {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Socket socket;
  private final OutputStream out;
  private final Script.Framing framing;

  Wire(Socket socket, Script.Framing framing) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.framing = framing;
  }

  void head(int status, Map<String, String> headers) throws IOException {
    if (framing == Script.Framing.RAW) {
      return;
    }
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(Reason.of(status)).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Writes a part of the body in one write. */
  void body(byte[] bytes, int from, int length) throws IOException {
    if (framing == Script.Framing.CHUNKED) {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream(length + 12);
      chunk.writeBytes(Integer.toHexString(length).getBytes(StandardCharsets.ISO_8859_1));
      chunk.writeBytes(CRLF);
      chunk.write(bytes, from, length);
      chunk.writeBytes(CRLF);
      chunk.writeTo(out);
    } else {
      out.write(bytes, from, length);
    }
    out.flush();
  }

  /** Writes the regular end of the body. */
  void finish() throws IOException {
    if (framing == Script.Framing.CHUNKED) {
      out.write(LAST_CHUNK);
      out.flush();
    }
  }

  /** Ends the connection with a FIN. */
  void close() throws IOException {
    socket.close();
  }

  /** Ends the connection with an RST: a linger time of zero drops all unsent bytes. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
