package ee.lmstudio.server.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.glassfish.grizzly.ThreadCache;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door in front of a Grizzly server of its own, which takes the place of Payara. */
@Timeout(30)
class DoorTest {
  private static final int WORKERS = 2;
  private static final int MOST_CONNECTIONS = 4;
  private static final int LARGE = 8 * 1024 * 1024;
  private static final String HOST = "Host: localhost\r\n";
  private static final String CLOSE = "Connection: close\r\n\r\n";

  private final Door door =
      new Door(new Limits(MOST_CONNECTIONS, 0, Duration.ofHours(1), Duration.ofHours(1)));
  private final Queue<String> served = new ConcurrentLinkedQueue<>();
  private final Semaphore blocked = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<Socket> sockets = new ArrayList<>();
  private HttpServer server;
  private NetworkListener listener;

  @BeforeEach
  void start() throws IOException {
    server = new HttpServer();
    listener = new NetworkListener("door", "127.0.0.1", 0);
    listener.getTransport().setIOStrategy(new DoorStrategy(door));
    listener
        .getTransport()
        .setWorkerThreadPoolConfig(
            ThreadPoolConfig.defaultConfig()
                .setCorePoolSize(WORKERS)
                .setMaxPoolSize(WORKERS)
                .setQueueLimit(1));
    listener.setMaxPendingBytes(2 * LARGE);
    server.addListener(listener);
    server.getServerConfiguration().addHttpHandler(new Application(), "/");
    server.start();
    door.setOpen(true);
  }

  @AfterEach
  void stop() throws IOException {
    release.countDown();
    for (Socket socket : sockets) {
      socket.close();
    }
    server.shutdownNow();
  }

  @Test
  void requestOfTheApplication_isHandedOver() throws IOException {
    assertThat(answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");
    assertThat(served).containsExactly("/ours");
  }

  @Test
  void allThreadsBlocked_livenessIsAnswered() throws Exception {
    blockAllThreads();

    assertThat(answer("GET /health/live HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 200 ")
        .contains("\r\nX-Request-Id: ", "\r\nContent-Security-Policy: ")
        .endsWith(
            "{\"status\":\"UP\",\"checks\":[{\"name\":\"server\",\"status\":\"UP\",\"data\":{}}]}");
  }

  @Test
  void livenessForAForeignHost_isLeftToTheApplication() throws IOException {
    door.setForeignHost((host, called) -> host.equals("evil") && called.equals("127.0.0.1"));

    answer("GET /health/live HTTP/1.1\r\nHost: evil\r\n" + CLOSE);
    answer("GET /health/live HTTP/1.1\r\nHost: good\r\n" + CLOSE);

    assertThat(served).containsExactly("/health/live");
  }

  @ParameterizedTest
  @CsvSource({"/api/x, application/json", "/v1/x, application/json", "/login, text/html"})
  void applicationGone_is503InTheFormatOfThePath(String path, String type) throws IOException {
    door.setOpen(false);

    assertThat(answer("GET " + path + " HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 503 ")
        .contains("\r\nRetry-After: 1\r\n", "\r\nX-Request-Id: ", "\r\nContent-Type: " + type);
    assertThat(served).isEmpty();
  }

  @Test
  void applicationGone_livenessIsAnswered() throws IOException {
    door.setOpen(false);
    assertThat(answer("HEAD /health/live HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length: 4\r\nContent-Length: 14\r\n"
      })
  void ambiguousFraming_is400AndNothingBehindItIsServed(String headers) throws IOException {
    String smuggled = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
    String request =
        "POST /v1/x HTTP/1.1\r\n" + HOST + headers + "\r\n4\r\nabcd\r\n0\r\n\r\n" + smuggled;

    String answer = answer(request); // Ends because the server closes the connection.

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("\r\nConnection: close\r\n", "\r\nContent-Type: application/json")
        .doesNotContain("HTTP/1.1 200");
    assertThat(served).isEmpty();
  }

  @Test
  void malformedChunk_is400InOurForm() throws IOException {
    String answer =
        answer("POST /api/x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("malformed_request", "X-Request-Id");
    assertThat(served).isEmpty();
  }

  @Test
  void redirectOfTheContainer_is404WithOurHeaders() throws IOException {
    assertThat(answer("GET /redirect HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 404 ")
        .contains("\r\nX-Request-Id: ", "There is no resource at this path.")
        .doesNotContain("evil");
  }

  @Test
  void refusalOfTheContainer_keepsItsStatusAndAllow() throws IOException {
    assertThat(answer("GET /refuse HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 405 ")
        .contains("\r\nAllow: GET\r\n", "\r\nX-Request-Id: ")
        .doesNotContain("bare");
  }

  @Test
  void requestsInOnePacket_areAnsweredInOrder() throws IOException {
    String answers =
        answer(
            "GET /ours?1 HTTP/1.1\r\n"
                + HOST
                + "\r\nGET /health/live HTTP/1.1\r\n"
                + HOST
                + "\r\nGET /ours?2 HTTP/1.1\r\n"
                + HOST
                + CLOSE);

    assertThat(answers.split("HTTP/1.1 200 ")).hasSize(4);
    assertThat(answers.indexOf("\"checks\"")).isBetween(1, answers.lastIndexOf("body of /ours"));
    assertThat(served).containsExactly("/ours", "/ours");
  }

  @Test
  void emptyLineBeforeARequest_isSkipped() throws IOException {
    assertThat(answer("\r\nGET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");
    assertThat(served).containsExactly("/ours");
  }

  @Test
  void answerWhoseEndIsNotRead_isKeptForLongerThanAnIdleConnection() throws Exception {
    Socket slow = slowly("GET /large HTTP/1.1\r\n" + HOST + "\r\n");
    // Then it has left the queue, which has one place.
    assertThat(slow.getInputStream().read()).isEqualTo('H');
    assertThat(answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");

    door.connections().closeIdle(Duration.ZERO, Duration.ofHours(1));
    assertThat(slow.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
  }

  @Test
  void requestInSingleBytes_isServed() throws IOException {
    Socket socket = connect();
    for (byte one :
        ("POST /ours HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n" + CLOSE + "ab")
            .getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(one);
      socket.getOutputStream().flush();
    }
    assertThat(rest(socket)).startsWith("HTTP/1.1 200 ").contains("body of /ours ab");
  }

  @Test
  void queueFull_is503() throws Exception {
    blockAllThreads();
    // One of them waits in the queue, which has one place, and the other one is refused.
    Socket one = send("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);
    Socket other = send("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);
    while (one.getInputStream().available() == 0 && other.getInputStream().available() == 0) {
      pause();
    }
    String answer = rest(one.getInputStream().available() > 0 ? one : other);

    assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 1\r\n");
  }

  @Test
  void connectionWithoutARequest_isClosedAlsoInTheMiddleOfAHead() throws IOException {
    Socket idle = connect();
    Socket dripping = send("GET /ours HTTP/1.1\r\nHost: loc");
    Socket served = send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
    blocked.acquireUninterruptibly();
    awaitConnections(3);

    door.connections().closeIdle(Duration.ZERO, Duration.ofHours(1));

    assertThat(idle.getInputStream().read()).isEqualTo(-1);
    assertThat(dripping.getInputStream().read()).isEqualTo(-1);
    release.countDown();
    assertThat(served.getInputStream().read()).isEqualTo('H');
  }

  @Test
  void tooManyConnections_theIdleOnesGiveWay() throws IOException {
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
      idle.add(connect());
      awaitConnections(i + 1);
    }

    assertThat(answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");
    assertThat(idle.get(0).getInputStream().read()).isEqualTo(-1);
  }

  /** The thread that reads would never take them. */
  @Test
  void usedRequests_areNotKeptForEachThread() throws IOException {
    answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);

    assertThat(ThreadCache.obtainIndex(DoorStrategy.REQUESTS, Object.class, 1).getSize()).isZero();
  }

  @Test
  void closedConnections_areForgotten() throws IOException {
    for (int i = 0; i < 3 * MOST_CONNECTIONS; i++) {
      answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);
    }
    assertThat(door.connections().size()).isLessThanOrEqualTo(MOST_CONNECTIONS);
  }

  @Test
  void answerIsUnfinished_untilTheOperatingSystemHasItsLastByte() throws Exception {
    Socket slow = slowly("GET /large HTTP/1.1\r\n" + HOST + CLOSE);
    assertThat(slow.getInputStream().read()).isEqualTo('H');
    Socket busy = send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
    blocked.acquire();
    assertThat(door.connections().awaitWritten(Duration.ZERO)).isEqualTo(2);

    release.countDown();
    assertThat(busy.getInputStream().read()).isEqualTo('H');
    CompletableFuture<Integer> left =
        CompletableFuture.supplyAsync(() -> awaitWritten(Duration.ofSeconds(20)));
    assertThat(rest(slow)).hasSizeGreaterThan(LARGE).endsWith("\r\n0\r\n\r\n");
    assertThat(left.get()).isZero();
  }

  private int awaitWritten(Duration limit) {
    try {
      return door.connections().awaitWritten(limit);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void doorThatNoPortHas_cannotBeOpened() {
    assertThatThrownBy(Door::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(DoorStrategy.class.getName());
  }

  private void blockAllThreads() throws Exception {
    for (int i = 0; i < WORKERS; i++) {
      send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
      blocked.acquire();
    }
  }

  /** Waits until the server has accepted so many connections. */
  private void awaitConnections(int count) {
    while (door.connections() == null || door.connections().size() < count) {
      pause();
    }
  }

  private static void pause() {
    assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
    Thread.onSpinWait();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.getPort());
    sockets.add(socket);
    return socket;
  }

  /** Sends a request with a client that takes only a little before it reads. */
  private Socket slowly(String request) throws IOException {
    Socket slow = new Socket();
    sockets.add(slow);
    slow.setReceiveBufferSize(4 * 1024);
    slow.connect(new InetSocketAddress("127.0.0.1", listener.getPort()));
    slow.getOutputStream().write(request.getBytes(ISO_8859_1));
    return slow;
  }

  private Socket send(String request) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  /** Sends a request and returns everything that comes until the server closes the connection. */
  private String answer(String request) throws IOException {
    return rest(send(request));
  }

  private static String rest(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), ISO_8859_1);
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
        default -> {
          String body = new String(request.getInputStream().readAllBytes(), ISO_8859_1);
          response.setHeader(Answer.REQUEST_ID, "ours");
          response.getOutputStream().write(("body of " + path + " " + body).getBytes(ISO_8859_1));
        }
      }
    }
  }
}
