package ee.lmstudio.server.door;

import static ee.lmstudio.server.door.DoorServer.HOST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send requests and do not read the answers. */
@Timeout(30)
class UnreadAnswersTest {
  private static final String LIVE = "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n";

  /** What the client's system does not take later. */
  private static final int STUCK = Connections.MOST_UNREAD / 2;

  private DoorServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new DoorServer(
            new Limits(4, 0, Duration.ofHours(1), Duration.ofHours(1), 1 << 30, 1 << 30), 8);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Its connection is closed behind the refusal, which waits for the client. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nbroken\r\nHost: a\r\n\r\n",
        "POST /ours HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void refusedRequest_isNotInProgressForEver(String malformed) throws IOException {
    Socket client = server.slowly("");
    sendUntilUnwritten(client, LIVE, STUCK);
    int before = server.unwritten();
    assertThat(before).isLessThan(Connections.MOST_UNREAD);

    client.getOutputStream().write(malformed.getBytes(ISO_8859_1));
    while (server.unwritten() <= before) {
      DoorServer.pause();
    }
    while (server.door.connections().size() > 0) {
      server.door.connections().closeIdle(Duration.ofHours(1), Duration.ZERO);
      DoorServer.pause();
    }
  }

  /** After an answer with 503, the connection is closed anyway. */
  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/redirect"})
  void answersThatTheApplicationDoesNotGive_haveALimit(String path) throws IOException {
    Socket client = server.slowly("");
    String request = "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";

    sendUntilUnwritten(client, request, Connections.MOST_UNREAD + 1);
    int before = server.unwritten();
    client.getOutputStream().write(request.getBytes(ISO_8859_1));

    server.awaitNoConnection();
    assertThat(before).isLessThan(2 * Connections.MOST_UNREAD);
  }

  @Test
  void refusalBehindUnreadAnswers_isNotWritten() throws IOException {
    Socket client = server.slowly("");
    sendUntilUnwritten(client, LIVE, Connections.MOST_UNREAD + 1);

    client.getOutputStream().write("GET /%zz HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));

    server.awaitNoConnection();
  }

  /** Sends a request again and again until so many bytes of the answers wait in the heap. */
  private void sendUntilUnwritten(Socket client, String request, int bytes) throws IOException {
    String once = request.replace(HOST + "\r\n", HOST + DoorServer.CLOSE);
    int length = server.answer(once).length() - DoorServer.CLOSE.length();
    long expected = server.answered();
    while (server.unwritten() < bytes) {
      client.getOutputStream().write(request.getBytes(ISO_8859_1));
      expected += length;
      while (server.answered() < expected) {
        DoorServer.pause();
      }
    }
  }
}
