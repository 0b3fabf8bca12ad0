package ee.lmstudio.server.door;

import static ee.lmstudio.server.door.DoorServer.CLOSE;
import static ee.lmstudio.server.door.DoorServer.HOST;
import static ee.lmstudio.server.door.DoorServer.LARGE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.glassfish.grizzly.ThreadCache;
import org.glassfish.grizzly.http.server.Request;
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
  private static final int THREADS = 8;

  /** How many requests of one caller have a thread at a time. */
  private static final int WORKERS = 3;

  private static final int MOST_CONNECTIONS = 4;

  private DoorServer server;
  private Door door;

  @BeforeEach
  void start() throws IOException {
    Limits limits =
        new Limits(MOST_CONNECTIONS, 0, Duration.ofHours(1), Duration.ofHours(1), 1 << 30, 1 << 30);
    server = new DoorServer(limits, THREADS);
    door = server.door;
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void requestOfTheApplication_isHandedOver() throws IOException {
    assertThat(server.answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");
    assertThat(server.served).containsExactly("/ours");
  }

  @ParameterizedTest
  @CsvSource({
    "200, OK",
    "421, Misdirected Request",
    "422, Unprocessable Content",
    "429, Too Many Requests",
    "503, Service Unavailable",
    "599, ''"
  })
  void status_hasItsStandardReasonPhrase(int status, String phrase) throws IOException {
    assertThat(server.answer("GET /status?" + status + " HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 %d %s\r\n".formatted(status, phrase));
  }

  @Test
  void allThreadsBlocked_livenessIsAnswered() throws Exception {
    blockAllThreads();

    assertThat(server.answer("GET /health/live HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 200 ")
        .contains("\r\nX-Request-Id: ", "\r\nContent-Security-Policy: ")
        .endsWith(
            "{\"status\":\"UP\",\"checks\":[{\"name\":\"server\",\"status\":\"UP\",\"data\":{}}]}");
  }

  @Test
  void livenessForAForeignHost_isLeftToTheApplication() throws IOException {
    door.setForeignHost((host, called) -> host.equals("evil") && called.equals("127.0.0.1"));

    server.answer("GET /health/live HTTP/1.1\r\nHost: evil\r\n" + CLOSE);
    server.answer("GET /health/live HTTP/1.1\r\nHost: good\r\n" + CLOSE);

    assertThat(server.served).containsExactly("/health/live");
  }

  @ParameterizedTest
  @CsvSource({"/api/x, application/json", "/v1/x, application/json", "/login, text/html"})
  void applicationGone_is503InTheFormatOfThePath(String path, String type) throws IOException {
    door.setOpen(false);

    assertThat(server.answer("GET " + path + " HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 503 ")
        .contains("\r\nRetry-After: 1\r\n", "\r\nX-Request-Id: ", "\r\nContent-Type: " + type);
    assertThat(server.served).isEmpty();
  }

  @Test
  void refusedRequestWithPipelinedRequests_closesTheConnection() throws IOException {
    door.setOpen(false);
    String request = "GET /login HTTP/1.1\r\n" + HOST + "\r\n";
    assertThat(server.answer(request.repeat(100)))
        .contains("\r\nConnection: close\r\n")
        .containsOnlyOnce("HTTP/1.1 503 ");
  }

  @Test
  void applicationGone_livenessIsAnswered() throws IOException {
    door.setOpen(false);
    assertThat(server.answer("HEAD /health/live HTTP/1.1\r\n" + HOST + CLOSE))
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

    String answer = server.answer(request); // Ends because the server closes the connection.

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("\r\nConnection: close\r\n", "\r\nContent-Type: application/json")
        .doesNotContain("HTTP/1.1 200");
    assertThat(server.served).isEmpty();
  }

  @Test
  void malformedChunk_is400InOurForm() throws IOException {
    String answer =
        server.answer(
            "POST /api/x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("malformed_request", "X-Request-Id");
    assertThat(server.served).isEmpty();
  }

  @Test
  void redirectOfTheContainer_is404WithOurHeaders() throws IOException {
    assertThat(server.answer("GET /redirect HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 404 ")
        .contains("\r\nX-Request-Id: ", "There is no resource at this path.")
        .doesNotContain("evil");
  }

  @Test
  void refusalOfTheContainer_keepsItsStatusAndAllow() throws IOException {
    assertThat(server.answer("GET /refuse HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 405 ")
        .contains("\r\nAllow: GET\r\n", "\r\nX-Request-Id: ")
        .doesNotContain("bare");
  }

  @Test
  void requestsInOnePacket_areAnsweredInOrder() throws IOException {
    String answers =
        server.answer(
            "GET /ours?1 HTTP/1.1\r\n"
                + HOST
                + "\r\nGET /health/live HTTP/1.1\r\n"
                + HOST
                + "\r\nGET /ours?2 HTTP/1.1\r\n"
                + HOST
                + CLOSE);

    assertThat(answers.split("HTTP/1.1 200 ")).hasSize(4);
    assertThat(answers.indexOf("\"checks\"")).isBetween(1, answers.lastIndexOf("body of /ours"));
    assertThat(server.served).containsExactly("/ours", "/ours");
  }

  @Test
  void emptyLineBeforeARequest_isRefused() throws IOException {
    assertThat(server.answer("\r\nGET /ours HTTP/1.1\r\n" + HOST + CLOSE))
        .startsWith("HTTP/1.1 400 ");
    assertThat(server.served).isEmpty();
  }

  @Test
  void manyRequestsBehindLiveness_areNotAnswered() throws IOException {
    String live = "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n";
    assertThat(server.answer(live.repeat(100))).containsOnlyOnce("HTTP/1.1 200 ");
  }

  @Test
  void answerWhoseEndIsNotRead_isKeptForLongerThanAnIdleConnection() throws Exception {
    Socket slow = server.slowly("GET /large HTTP/1.1\r\n" + HOST + "\r\n");
    assertThat(slow.getInputStream().read()).isEqualTo('H');
    assertThat(server.answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");

    door.connections().closeIdle(Duration.ZERO, Duration.ofHours(1));
    assertThat(slow.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
  }

  @Test
  void requestInSingleBytes_isServed() throws IOException {
    Socket socket = server.connect();
    for (byte one :
        ("POST /ours HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n" + CLOSE + "ab")
            .getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(one);
      socket.getOutputStream().flush();
    }
    assertThat(DoorServer.rest(socket)).startsWith("HTTP/1.1 200 ").contains("body of /ours ab");
  }

  @Test
  void connectionWithoutARequest_isClosedAlsoInTheMiddleOfAHead() throws IOException {
    Socket idle = server.connect();
    Socket dripping = server.send("GET /ours HTTP/1.1\r\nHost: loc");
    Socket busy = server.send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
    server.blocked.acquireUninterruptibly();
    server.awaitConnections(3);
    while (door.connections().held() == 0) {
      DoorServer.pause(); // The beginning of the head has not been read yet.
    }

    door.connections().closeIdle(Duration.ZERO, Duration.ofHours(1));

    assertThat(idle.getInputStream().read()).isEqualTo(-1);
    assertThat(dripping.getInputStream().read()).isEqualTo(-1);
    server.release.countDown();
    assertThat(busy.getInputStream().read()).isEqualTo('H');
  }

  @Test
  void tooManyConnections_theIdleOnesGiveWay() throws IOException {
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
      idle.add(server.connect());
      server.awaitConnections(i + 1);
    }

    assertThat(server.answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE)).startsWith("HTTP/1.1 200 ");
    assertThat(idle.get(0).getInputStream().read()).isEqualTo(-1);
  }

  /** The thread that reads would never take them. */
  @Test
  void usedRequests_areNotKeptForEachThread() throws IOException {
    server.answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);

    assertThat(ThreadCache.obtainIndex(DoorStrategy.REQUESTS, Object.class, 1).getSize()).isZero();
    assertThat(ThreadCache.obtainIndex(Request.class, 16).getSize()).isOne();
  }

  @Test
  void closedConnections_areForgotten() throws IOException {
    for (int i = 0; i < 3 * MOST_CONNECTIONS; i++) {
      server.answer("GET /ours HTTP/1.1\r\n" + HOST + CLOSE);
    }
    assertThat(door.connections().size()).isLessThanOrEqualTo(MOST_CONNECTIONS);
  }

  @Test
  void answerIsUnfinished_untilTheOperatingSystemHasItsLastByte() throws Exception {
    Socket slow = server.slowly("GET /large HTTP/1.1\r\n" + HOST + CLOSE);
    assertThat(slow.getInputStream().read()).isEqualTo('H');
    Socket busy = server.send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
    server.blocked.acquire();
    assertThat(door.connections().awaitWritten(Duration.ZERO)).isEqualTo(2);

    server.release.countDown();
    assertThat(busy.getInputStream().read()).isEqualTo('H');
    CompletableFuture<Integer> left =
        CompletableFuture.supplyAsync(() -> awaitWritten(Duration.ofSeconds(20)));
    assertThat(DoorServer.rest(slow)).hasSizeGreaterThan(LARGE).endsWith("\r\n0\r\n\r\n");
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
      server.send("GET /block HTTP/1.1\r\n" + HOST + "\r\n");
      server.blocked.acquire();
    }
  }
}
