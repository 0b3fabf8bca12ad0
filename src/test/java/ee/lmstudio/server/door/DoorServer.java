package ee.lmstudio.server.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ConnectionProbe;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/** A door in front of a Grizzly server of its own, which takes the place of Payara. */
final class DoorServer implements AutoCloseable {
  static final int LARGE = 8 * 1024 * 1024;
  static final String HOST = "Host: localhost\r\n";
  static final String CLOSE = "Connection: close\r\n\r\n";

  /** The interruption at the time limit of a test does not end a read from a socket. */
  private static final int LIMIT_MILLIS = 60_000;

  private static final int SMALL_BUFFER = 4 * 1024;

  final Door door;

  /** The paths of the requests that the application got. */
  final Queue<String> served = new ConcurrentLinkedQueue<>();

  /** Gets a permit for each request for /block, which waits for {@link #release}. */
  final Semaphore blocked = new Semaphore(0);

  final CountDownLatch release = new CountDownLatch(1);
  private final Queue<NIOConnection> accepted = new ConcurrentLinkedQueue<>();
  private final LongAdder written = new LongAdder();
  private final LongAdder read = new LongAdder();
  private final List<Socket> sockets = new ArrayList<>();
  private final HttpServer server = new HttpServer();
  private final NetworkListener listener = new NetworkListener("door", "127.0.0.1", 0);

  /**
   * @param threads the size of the pool that takes the place of Payara's
   */
  DoorServer(Limits limits, int threads) throws IOException {
    door = new Door(limits);
    listener.getTransport().setIOStrategy(new DoorStrategy(door));
    listener.getTransport().setSelectorRunnersCount(3);
    listener.getTransport().getConnectionMonitoringConfig().addProbes(new Accepted());
    listener
        .getTransport()
        .setWorkerThreadPoolConfig(
            ThreadPoolConfig.defaultConfig().setCorePoolSize(threads).setMaxPoolSize(threads));
    listener.setMaxPendingBytes(2 * LARGE);
    server.addListener(listener);
    server.getServerConfiguration().addHttpHandler(new Application(), "/");
    server.start();
    door.setOpen(true);
  }

  @Override
  public void close() throws IOException {
    release.countDown();
    for (Socket socket : sockets) {
      socket.close();
    }
    server.shutdownNow();
  }

  /** Waits until the server has accepted so many connections. */
  void awaitConnections(int count) {
    while (door.connections() == null || door.connections().size() < count) {
      pause();
    }
  }

  void awaitNoConnection() {
    while (door.connections().size() > 0) {
      pause();
    }
  }

  static void pause() {
    assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
    Thread.onSpinWait();
  }

  Socket connect() throws IOException {
    return connect("127.0.0.1");
  }

  Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(address());
    return socket;
  }

  private InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", listener.getPort());
  }

  /** Sends a request with a client that takes only a little before it reads. */
  Socket slowly(String request) throws IOException {
    Socket slow = new Socket();
    sockets.add(slow);
    slow.setSoTimeout(LIMIT_MILLIS);
    slow.setReceiveBufferSize(SMALL_BUFFER);
    slow.connect(address());
    slow.getOutputStream().write(request.getBytes(ISO_8859_1));
    return slow;
  }

  Socket send(String request) throws IOException {
    return send("127.0.0.1", request);
  }

  Socket send(String from, String request) throws IOException {
    Socket socket = connect(from);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  /** Sends a request and returns everything that comes until the server closes the connection. */
  String answer(String request) throws IOException {
    return rest(send(request));
  }

  static String rest(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  /** Returns what all connections hold. */
  long held() {
    return door.connections() == null ? 0 : door.connections().held();
  }

  /** Returns how many bytes of answers wait in the heap, on all connections. */
  int unwritten() {
    return accepted.stream().mapToInt(open -> open.getAsyncWriteQueue().spaceInBytes()).sum();
  }

  /**
   * Returns whether the network of an address is crowded. The address must have an open connection.
   */
  boolean isCrowded(String address) {
    return accepted.stream()
        .filter(
            open ->
                open.getPeerAddress() instanceof InetSocketAddress peer
                    && peer.getAddress().getHostAddress().equals(address))
        .anyMatch(open -> door.connections().isCrowded(open));
  }

  /** Returns how many bytes the server has read. */
  long bytesRead() {
    return read.sum();
  }

  /** Waits until the server has read so many bytes. */
  void awaitRead(long bytes) {
    while (read.sum() < bytes) {
      pause();
    }
  }

  /** Returns how many bytes of answers were written, or wait in the heap. */
  long answered() {
    return written.sum() + unwritten();
  }

  /** Lets the operating system keep as few unread bytes of each connection as possible. */
  private final class Accepted extends ConnectionProbe.Adapter {
    @Override
    @SuppressWarnings("rawtypes") // As Grizzly declares it.
    public void onAcceptEvent(Connection port, Connection client) {
      try {
        TCPNIOConnection connection = (TCPNIOConnection) client;
        SocketChannel channel = (SocketChannel) connection.getChannel();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
        accepted.add(connection);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    @SuppressWarnings("rawtypes") // As Grizzly declares it.
    public void onReadEvent(Connection connection, Buffer data, int size) {
      read.add(size);
    }

    @Override
    @SuppressWarnings("rawtypes") // As Grizzly declares it.
    public void onWriteEvent(Connection connection, Buffer data, long size) {
      written.add(size);
    }
  }

  /** Answers some requests as the application does, and some as Payara does. */
  private final class Application extends HttpHandler {
    @Override
    public void service(Request request, Response response) throws Exception {
      String path = request.getRequestURI();
      served.add(path);
      switch (path) {
        case "/block" -> {
          blocked.release();
          release.await();
          response.setHeader(Answer.REQUEST_ID, "ours");
        }
        case "/body-then-block" -> {
          blocked.release();
          request.getInputStream().readAllBytes();
          blocked.release();
          release.await();
          response.setHeader(Answer.REQUEST_ID, "ours");
        }
        case "/large" -> {
          response.setHeader(Answer.REQUEST_ID, "ours");
          response.getOutputStream().write(new byte[LARGE]);
        }
        case "/redirect" -> {
          response.setStatus(302);
          response.setHeader("Location", "http://evil/");
          response.getOutputStream().write("bare".getBytes(ISO_8859_1));
        }
        case "/refuse" -> {
          response.setStatus(405);
          response.setHeader("Allow", "GET");
          response.getOutputStream().write("bare".repeat(10_000).getBytes(ISO_8859_1));
        }
        case "/status" -> {
          response.setHeader(Answer.REQUEST_ID, "ours");
          response.setStatus(Integer.parseInt(request.getQueryString()));
        }
        default -> {
          String body = new String(request.getInputStream().readAllBytes(), ISO_8859_1);
          response.setHeader(Answer.REQUEST_ID, "ours");
          response.getOutputStream().write(("body of " + path + " " + body).getBytes(ISO_8859_1));
        }
      }
    }
  }
}
