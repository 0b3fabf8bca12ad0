package ee.lmstudio.sdk.internal.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.sdk.FullBacklog;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/** A server that stops answering in a chosen phase and sees when the client goes away. */
final class StalledServer implements AutoCloseable {
  /** How far it goes before it stalls. */
  enum Phase {
    /** Its queue of connections is full, so that a connect hangs. */
    CONNECTING,
    /** It accepts and never answers the TLS handshake. */
    HANDSHAKE,
    /** It takes the request and sends no headers. */
    HEADERS,
    /** It sends headers and one event. */
    READING
  }

  private final Phase phase;
  private final boolean tls;
  private final ServerSocket server;
  private FullBacklog backlog;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch closedByClient = new CountDownLatch(1);

  StalledServer(Phase phase, boolean tls) throws Exception {
    this.phase = phase;
    this.tls = tls;
    InetAddress here = InetAddress.getLoopbackAddress();
    boolean plain = !tls || phase == Phase.HANDSHAKE || phase == Phase.CONNECTING;
    server =
        plain
            ? new ServerSocket(0, 1, here)
            : TestTls.context().getServerSocketFactory().createServerSocket(0, 1, here);
    if (phase == Phase.CONNECTING) {
      backlog = new FullBacklog(server);
      closedByClient.countDown();
    } else {
      Thread.ofPlatform().daemon().start(this::serve);
    }
  }

  URI url() {
    return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns when the client is inside the phase. */
  void awaitPhase(CountDownLatch firstEvent) throws InterruptedException {
    switch (phase) {
      case CONNECTING -> awaitPendingConnect();
      case READING -> firstEvent.await();
      case HANDSHAKE, HEADERS -> reached.await();
    }
  }

  /** Returns when the connection was closed or reset by the client. */
  void awaitClosedByClient() throws InterruptedException {
    closedByClient.await();
  }

  /** Linux shows a connect in progress as state SYN_SENT (02) in its table of sockets. */
  private void awaitPendingConnect() throws InterruptedException {
    String remote = ":%04X 02 ".formatted(server.getLocalPort());
    while (true) {
      try {
        String table =
            java.nio.file.Files.readString(java.nio.file.Path.of("/proc/net/tcp"))
                + java.nio.file.Files.readString(java.nio.file.Path.of("/proc/net/tcp6"));
        if (table.contains(remote)) {
          return;
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      Thread.onSpinWait();
    }
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      if (phase == Phase.HANDSHAKE) {
        in.read();
        reached.countDown();
      } else {
        byte[] head = new byte[16 * 1024];
        in.read(head);
        if (phase == Phase.READING) {
          String event = "data: one\n\n";
          String answer =
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
                      .formatted(event.length(), event);
          socket.getOutputStream().write(answer.getBytes(UTF_8));
          socket.getOutputStream().flush();
        }
        reached.countDown();
      }
      byte[] rest = new byte[1024];
      while (in.read(rest) >= 0) {
        // The client may still be writing its request.
      }
      closedByClient.countDown();
    } catch (IOException reset) {
      closedByClient.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (backlog != null) {
      backlog.close();
    }
  }
}
