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

/** Chunked bodies, as the application gets them. */
@Timeout(60)
class CountedBodyTest {
  private static final String HEAD =
      "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String BODY =
      "1\r\nx\r\n3\r\n\r\n0\r\n0A\r\n0123456789\r\n0\r\nX: y\r\nZ: \r\n\r\n";
  private static final String TEXT = "x\r\n0" + "0123456789";
  private static final String NEXT = "GET /next HTTP/1.1\r\n" + HOST + DoorServer.CLOSE;

  private DoorServer server;

  @BeforeEach
  void start() throws IOException {
    Duration unlimited = Duration.ofHours(1);
    server = new DoorServer(new Limits(1_000, 0, unlimited, unlimited, 1 << 30, 1 << 30), 4);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static void assertBoth(String answers) {
    assertThat(answers).contains("body of /echo " + TEXT).contains("body of /next ");
  }

  @Test
  void bodyAndTheNextRequestInOnePacket_areBothRead() throws IOException {
    assertBoth(server.answer(HEAD + BODY + NEXT));
  }

  @Test
  void bodyThatIsCutAnywhere_isReadWhole() throws IOException {
    for (int cut = 0; cut <= BODY.length(); cut++) {
      server.served.clear();
      Socket client = server.send(HEAD + BODY.substring(0, cut));
      while (server.served.isEmpty() && server.held() == 0) {
        DoorServer.pause();
      }
      client.getOutputStream().write((BODY.substring(cut) + NEXT).getBytes(ISO_8859_1));
      assertBoth(DoorServer.rest(client));
    }
  }

  @Test
  void bodyWithoutChunksAndWithTrailers_isEmpty() throws IOException {
    assertThat(server.answer(HEAD + "0\r\nX: y\r\nZ: \r\n\r\n" + NEXT))
        .contains("body of /echo ")
        .contains("body of /next ");
  }

  @Test
  void manyChunksOfOneByte_areReadWhole() throws IOException {
    String chunks = "1\r\ny\r\n".repeat(20_000);
    assertThat(server.answer(HEAD + chunks + "0\r\n\r\n" + NEXT))
        .contains("body of /echo " + "y".repeat(20_000))
        .contains("body of /next ");
  }

  @Test
  void malformedChunkBehindOthers_isRefused() throws IOException {
    assertThat(server.answer(HEAD + "1\r\nx\r\nzz\r\n" + NEXT)).startsWith("HTTP/1.1 400 ");
  }
}
