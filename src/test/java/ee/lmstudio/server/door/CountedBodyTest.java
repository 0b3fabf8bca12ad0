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
      assertBoth(answerInTwoPackets(BODY, cut));
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
  void chunkExtensions_areIgnored() throws IOException {
    String body = "1;a=\"b\"\r\nx\r\n3 ; c\r\n\r\n0\r\n0A;\r\n0123456789\r\n0;d\r\n\r\n";
    assertBoth(server.answer(HEAD + body + NEXT));
  }

  /** Replaces each byte of a body by each of the bytes that have a meaning in the framing. */
  @Test
  void bodyWithAnyWrongByte_neverLetsTheNextRequestBeReadDifferently() throws IOException {
    String body = "1\r\nx\r\n0\r\nX: y\r\n\r\n";
    for (int at = 0; at < body.length(); at++) {
      for (char wrong : "\r\n0;: \tz\0".toCharArray()) {
        String changed = body.substring(0, at) + wrong + body.substring(at + 1);
        String answers = server.answer(HEAD + changed + NEXT + NEXT);
        assertThat(answers.startsWith("HTTP/1.1 400 ") || answers.contains("body of /next "))
            .as("%s: %s", changed, answers)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "\n0\r\n\r\n",
        "0\n\n",
        "1\nx\n0\n\n",
        "1\r\nx\r\n\r\n",
        "1\r\nx\r\n\r\n0\r\n\r\n",
        "1\r\nx\r\n\r\nA: b\r\n\r\n",
        "1\r\nxx\r\n0\r\n\r\n",
        " 1\r\nx\r\n0\r\n\r\n",
        "1x\r\nx\r\n0\r\n\r\n",
        "-1\r\nx\r\n0\r\n\r\n",
        "1234567890123456\r\nx",
        "1;\0\r\nx\r\n0\r\n\r\n",
        "0\r\n folded: x\r\n\r\n",
        "0\r\n: x\r\n\r\n",
        "0\r\nX: y\n\n",
      })
  void malformedBody_isRefusedHoweverItIsCut(String body) throws IOException {
    for (int cut = 0; cut <= body.length(); cut++) {
      assertThat(answerInTwoPackets(body, cut))
          .as("cut after %d", cut)
          .startsWith("HTTP/1.1 400 ")
          .doesNotContain("/next");
    }
  }

  private String answerInTwoPackets(String body, int cut) throws IOException {
    String first = HEAD + body.substring(0, cut);
    long before = server.bytesRead();
    Socket client = server.send(first);
    server.awaitRead(before + first.length());
    client.getOutputStream().write((body.substring(cut) + NEXT).getBytes(ISO_8859_1));
    return DoorServer.rest(client);
  }

  @Test
  void longExtensionsAndTrailers_areRefused() throws IOException {
    String extension = "1;" + "x".repeat(ChunkedBody.MOST_EXTENSIONS + 1) + "\r\nx\r\n0\r\n\r\n";
    assertThat(server.answer(HEAD + extension + NEXT)).startsWith("HTTP/1.1 400 ");
    String trailers = "0\r\n" + "a: b\r\n".repeat(ChunkedBody.MOST_TRAILERS / 4 + 1) + "\r\n";
    assertThat(server.answer(HEAD + trailers + NEXT)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void malformedChunkBehindOthers_isRefused() throws IOException {
    assertThat(server.answer(HEAD + "1\r\nx\r\nzz\r\n" + NEXT)).startsWith("HTTP/1.1 400 ");
  }
}
