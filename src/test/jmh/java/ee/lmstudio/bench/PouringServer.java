package ee.lmstudio.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Answers every POST with the same stream, from bytes that were made before, without a pause. */
final class PouringServer implements AutoCloseable {
  /** Characters of each event's text, so that a client that loses one is found out. */
  static final String TEXT = " word";

  private static final String EVENT =
      """
      data: {"id":"chatcmpl-ezw3hr3iss9h29y6t02w9","object":"chat.completion.chunk",\
      "created":1790630000,"model":"google/gemma-4-e4b","system_fingerprint":"google/gemma-4-e4b",\
      "choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]}

      """;

  private final byte[] answer;
  private final ServerSocket server;

  PouringServer(int events) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(
        ascii(
            "HTTP/1.1 200 OK\r\n"
                + "Content-Type: text/event-stream\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < events; i++) {
      chunk(stream, EVENT);
    }
    chunk(stream, EVENT.replace("\"content\":\" word\"", "").replace("null}]", "\"stop\"}]"));
    chunk(stream, "data: [DONE]\n\n");
    stream.writeBytes(ascii("0\r\n\r\n"));
    answer = stream.toByteArray();
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("pouring").start(this::acceptAll);
  }

  /** As LM Studio does: one chunk of the transfer coding for each event. */
  private static void chunk(ByteArrayOutputStream to, String text) {
    byte[] bytes = ascii(text);
    to.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
    to.writeBytes(bytes);
    to.writeBytes(ascii("\r\n"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().name("pouring-one").start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        readRequest(in);
        out.write(answer);
      }
    } catch (IOException clientLeft) {
      // Its next call comes on another connection.
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    int body = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        body = Integer.parseInt(header.substring(15).strip());
      } else if (header.startsWith("transfer-encoding:")) {
        body = -1;
      }
    }
    if (body >= 0) {
      in.skipNBytes(body);
      return;
    }
    for (int size = size(in); size > 0; size = size(in)) {
      in.skipNBytes(size + 2L);
    }
    line(in);
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
