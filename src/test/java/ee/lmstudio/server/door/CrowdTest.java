package ee.lmstudio.server.door;

import static ee.lmstudio.server.door.DoorServer.CLOSE;
import static ee.lmstudio.server.door.DoorServer.HOST;
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

/** Many connections of one client, which all send requests, and a bystander beside it. */
@Timeout(60)
class CrowdTest {
  private static final String FLOOD = "127.0.0.2";
  private static final String BYSTANDER = "127.0.0.3";
  private static final int THREADS = 8;

  /** As many connections may be open, and as many requests may wait. */
  private static final int PLACES = 90;

  /** The places of one caller, if no one else has any. */
  private static final int PLACES_OF_ONE = PLACES / 3;

  /** How many requests of one caller have a thread at a time. */
  private static final int OF_ONE = 3;

  private static final String BLOCK = "GET /block HTTP/1.1\r\n" + HOST + "\r\n";

  /** The bytes that such a request counts while it waits. */
  private static final long OF_BLOCK =
      (long) DoorCodec.OF_REQUEST + DoorCodec.OF_HEADER + BLOCK.length();

  private static final String OURS = "GET /ours HTTP/1.1\r\n" + HOST + CLOSE;

  private DoorServer server;

  @BeforeEach
  void start() throws IOException {
    Duration unlimited = Duration.ofHours(1);
    Limits limits = new Limits(PLACES, 0, unlimited, unlimited, 1 << 30, PLACES * OF_BLOCK);
    server = new DoorServer(limits, THREADS);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void crowdWhoseRequestsNeverEnd_leavesThreadsForTheBystander() throws IOException {
    crowd(40);

    assertThat(DoorServer.rest(server.send(BYSTANDER, OURS))).startsWith("HTTP/1.1 200 ");
    assertThat(server.served).hasSize(OF_ONE + 1);
  }

  @Test
  void crowdOnTheSameAddress_leavesThreadsForACallerWithAToken() throws IOException {
    crowd(40);
    String signedIn = OURS.replace(HOST, HOST + "Authorization: Bearer x\r\n");

    assertThat(DoorServer.rest(server.send(FLOOD, signedIn))).startsWith("HTTP/1.1 200 ");
    assertThat(server.served).hasSize(OF_ONE + 1);
  }

  @Test
  void crowdThatFillsItsPlaces_isRefusedAndTheBystanderIsNot() throws IOException {
    List<Socket> crowd = crowd(OF_ONE + 2 * PLACES_OF_ONE);
    List<Socket> refused = new ArrayList<>();
    while (refused.size() < PLACES_OF_ONE) {
      for (Socket one : crowd) {
        if (!refused.contains(one) && one.getInputStream().available() > 0) {
          refused.add(one);
        }
      }
      DoorServer.pause();
    }

    byte[] first = refused.get(0).getInputStream().readNBytes("HTTP/1.1 503 ".length());
    assertThat(new String(first)).isEqualTo("HTTP/1.1 503 ");
    while (!server.isCrowded(FLOOD)) {
      server.send(FLOOD, BLOCK); // A refusal counts for one to two seconds, so this repeats it.
      DoorServer.pause();
    }
    assertThat(DoorServer.rest(server.send(BYSTANDER, OURS))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void oneTokenInManySpellings_isOneCaller() throws IOException {
    for (int i = 0; i < 40; i++) {
      String token =
          switch (i % 4) {
            case 0 -> "Authorization: Bearer x\r\n";
            case 1 -> "Authorization: bEARER " + " ".repeat(i) + "x\r\n";
            case 2 -> "x-api-key: x\r\n";
            default -> "Authorization: Basic y" + i + "\r\nX-API-Key: x\r\n";
          };
      server.send(FLOOD, BLOCK.replace(HOST, HOST + token));
    }
    server.blocked.acquireUninterruptibly(OF_ONE);

    String other = OURS.replace(HOST, HOST + "Authorization: Bearer y\r\n");
    assertThat(DoorServer.rest(server.send(FLOOD, other))).startsWith("HTTP/1.1 200 ");
    assertThat(server.served).hasSize(OF_ONE + 1);
  }

  @Test
  void crowdThatIsServed_isServedWhole() throws IOException {
    List<Socket> crowd = crowd(OF_ONE + PLACES_OF_ONE);
    server.release.countDown();
    for (Socket one : crowd) {
      assertThat(one.getInputStream().read()).isEqualTo('H');
    }
    assertThat(server.served).hasSize(OF_ONE + PLACES_OF_ONE);
  }

  @Test
  void requestsInOnePacket_waitForTheirTurnOneByOne() throws IOException {
    String many = OURS.replace(CLOSE, "\r\n").repeat(20);
    Socket pipeline = server.send(FLOOD, many + OURS);

    assertThat(DoorServer.rest(pipeline).split("HTTP/1.1 200 ")).hasSize(22);
    assertThat(server.served).hasSize(21);
  }

  /** Opens connections, each with a request that waits in the application. */
  private List<Socket> crowd(int connections) throws IOException {
    List<Socket> crowd = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      crowd.add(server.send(FLOOD, BLOCK));
    }
    server.blocked.acquireUninterruptibly(OF_ONE);
    return crowd;
  }
}
