package ee.lmstudio.server.door;

import static ee.lmstudio.server.door.DoorServer.HOST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What many clients send too early, or do not read, has one limit for all of them. */
@Timeout(30)
class HeldBytesTest {
  private static final int MOST = 100_000;
  private static final int MANY = 100;
  private static final String LIVE = "GET /health/live HTTP/1.1\r\n" + HOST;
  private static final String BEHIND = LIVE + "X: " + "x".repeat(3_000) + "\r\n" + DoorServer.CLOSE;
  private static final String LENGTH = "Content-Length: 5000\r\n\r\n%s";
  private static final String ONE_CHUNK =
      "Transfer-Encoding: chunked\r\n\r\n1388\r\n%s\r\n0\r\n\r\n";

  private DoorServer server;

  @BeforeEach
  void start() throws IOException {
    Duration unlimited = Duration.ofHours(1);
    server = new DoorServer(new Limits(1_000, 0, unlimited, unlimited, MOST, 1 << 30), 4);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void awaitHeld(long atLeast, long atMost) {
    while (server.held() < atLeast || server.held() > atMost) {
      DoorServer.pause();
    }
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  @Test
  void longUnfinishedHeads_giveWayToShortOnes() throws IOException {
    Socket slow = server.send(LIVE + "X: ");
    awaitHeld(1, MOST);
    long ofSlow = server.held();
    List<Socket> attackers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      attackers.add(server.send(LIVE + "X: " + "x".repeat(8_000)));
    }
    while (server.door.connections().size() > 1 + MOST / 16_000) {
      DoorServer.pause();
    }
    awaitHeld(1, MOST);

    write(slow, "y\r\n" + DoorServer.CLOSE);
    assertThat(DoorServer.rest(slow)).startsWith("HTTP/1.1 200");

    for (Socket attacker : attackers) {
      attacker.close();
    }
    awaitHeld(0, 0);
    assertThat(ofSlow).isPositive();
  }

  @Test
  void headInTinyPieces_countsMoreThanItsBytes() throws IOException {
    Socket client = server.send(LIVE);
    awaitHeld(1, MOST);
    int pieces = 20;
    for (int i = 0; i < pieces; i++) {
      long before = server.held();
      write(client, i == 0 ? "X: x" : "x");
      awaitHeld(before + 1, MOST);
    }
    assertThat(server.held()).isGreaterThan(pieces * 64L);

    write(client, "\r\n\r\n");
    awaitHeld(0, 0);
  }

  @Test
  void requestsBehindOneThatIsInProgress_count() throws IOException {
    String behind = ("GET /second HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(5_000) + "\r\n\r\n");
    Socket client = server.send("GET /block HTTP/1.1\r\n" + HOST + "\r\n" + behind);
    awaitHeld(10_000, MOST);
    for (int i = 0; i < 2 * MOST / 10_000; i++) {
      server.send("GET /block HTTP/1.1\r\n" + HOST + "\r\n" + behind + behind);
    }
    while (server.door.connections().size() > MOST / 10_000) {
      DoorServer.pause();
    }
    server.release.countDown();
    awaitHeld(0, 0);
    assertThat(client.getInputStream().read()).isPositive();
  }

  private static String post(String path, String body) {
    return "POST " + path + " HTTP/1.1\r\n" + HOST + body.formatted("x".repeat(5_000));
  }

  /** The client of a stream sends a long conversation, and keeps its connection for hours. */
  @ParameterizedTest
  @ValueSource(strings = {LENGTH, ONE_CHUNK})
  void bodyOfARequestInProgress_doesNotCount(String body) throws Exception {
    Socket client = server.send(post("/block", body));
    server.blocked.acquire();
    assertThat(server.held()).isZero();
    server.release.countDown();
    client.getInputStream().read();
    awaitHeld(0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, ONE_CHUNK})
  void requestBehindABody_counts(String body) throws Exception {
    assertCountsBehind(server.send(post("/block", body) + BEHIND));
  }

  /** Asserts that {@link #BEHIND} counts while the request before it is in progress. */
  private void assertCountsBehind(Socket client) throws Exception {
    server.blocked.acquire();
    assertThat(server.held()).isBetween(2L * BEHIND.length(), 2L * BEHIND.length() + 100);
    server.release.countDown();
    DoorServer.rest(client);
    awaitHeld(0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, ONE_CHUNK})
  void requestBehindABodyThatEndsLater_counts(String body) throws Exception {
    String all = post("/body-then-block", body);
    Socket client = server.send(all.substring(0, all.length() - 1_000));
    server.blocked.acquire();
    assertThat(server.held()).isZero();
    write(client, all.substring(all.length() - 1_000) + BEHIND);
    assertCountsBehind(client);
  }

  /** Grizzly reads such a body and drops it, so that the connection can be used again. */
  @Test
  void requestThatIsAnsweredBeforeItsBody_countsUntilTheBodyEnds() throws Exception {
    Socket client =
        server.send("POST /refuse HTTP/1.1\r\n" + HOST + "Content-Length: 50000\r\n\r\n");
    client.getInputStream().read();
    awaitHeld(6_000, 12_000);
    long ofRequest = server.held();
    for (int i = 1; i <= 49; i++) {
      write(client, "x".repeat(1_000));
      server.awaitRead(1_000L * i);
      assertThat(server.held()).isEqualTo(ofRequest);
    }
    write(client, "x".repeat(1_000) + LIVE + DoorServer.CLOSE);
    DoorServer.rest(client);
    awaitHeld(0, 0);
  }

  @Test
  void requestWithoutTheSizeOfItsFirstChunk_countsAndIsLateLikeAHead() throws IOException {
    Socket client =
        server.send("POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n1");
    awaitHeld(6_000, 12_000);
    server.door.connections().closeIdle(Duration.ZERO, Duration.ZERO);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(server.served).isEmpty();
    awaitHeld(0, 0);
  }

  @Test
  void trailersWithoutEnd_takeNoMemory() throws IOException {
    String trailers = "X: " + "x".repeat(3_000);
    Socket client =
        server.send(
            "POST /refuse HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    client.getInputStream().read();
    awaitHeld(6_000, 12_000);
    long held = server.held();
    long read = server.bytesRead();
    write(client, "0\r\n" + trailers);
    server.awaitRead(read + trailers.length());
    awaitHeld(1, held);
    write(client, "\r\n\r\n" + LIVE + DoorServer.CLOSE);
    DoorServer.rest(client);
    awaitHeld(0, 0);
  }

  @Test
  void networkThatTakesMost_givesWayFirst() throws IOException {
    Socket ordinary = server.send(LIVE + "X: " + "x".repeat(8_000));
    awaitHeld(1, MOST);
    for (int i = 0; i < MANY; i++) {
      server.send("127.0.0.2", LIVE + "X: " + "x".repeat(1_000));
    }
    while (server.door.connections().size() > MANY / 2) {
      DoorServer.pause();
    }
    write(ordinary, "\r\n" + DoorServer.CLOSE);
    assertThat(DoorServer.rest(ordinary)).startsWith("HTTP/1.1 200");
  }

  @Test
  void endsOfAnswersThatClientsDoNotRead_haveALimitForAll() throws IOException {
    String requests = ("GET /redirect HTTP/1.1\r\n" + HOST + "\r\n").repeat(30);
    for (int i = 0; i < MANY; i++) {
      server.slowly(requests);
    }
    while (server.unwritten() < MOST / 2 || server.door.connections().size() == MANY) {
      DoorServer.pause();
    }
    awaitHeld(1, MOST);
    assertThat(server.door.connections().size()).isPositive();
  }
}
