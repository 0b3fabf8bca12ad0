package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The packaged server with a small heap. One caller asks for long answers, or for many short ones,
 * and reads none of them. Another caller is served as before.
 */
@Timeout(180)
class HostileAnswersIT {
  private static final int CONNECTIONS = 240;
  private static final int SAMPLES = 40;

  private static SmallServer server;

  private final List<Socket> never = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = SmallServer.start(Map.of());
    server.warmUp(SAMPLES);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void leave() throws IOException {
    for (Socket socket : never) {
      socket.close();
    }
  }

  @Test
  void longStatesThatAreNotRead_disturbNobody() throws Exception {
    String id = server.longStream();
    for (int i = 0; i < CONNECTIONS; i++) {
      send(SmallServer.bytes("streams/" + id, JSON));
    }
    assertOthersNoticeNothing();
    for (Socket socket : never) {
      SmallServer.assertAnswered(socket);
    }
    HttpResponse<String> whole = server.get(PayaraServer.ALICE, "streams/" + id);
    assertThat(Api.data(whole).getString("content"))
        .isEqualTo(SmallServer.PIECE.repeat(SmallServer.PIECES));
  }

  /** Each answer is short, but the client sends further requests and reads none. */
  @Tag("thorough")
  @Test
  void shortAnswersThatAreNotRead_holdNoThreadAndEndTheConnection() throws Exception {
    String requests = SmallServer.bytes("nothing-there", JSON).repeat(400);
    // Twice before it counts: a cold server needs seconds for a thousand requests of any caller.
    for (int round = 0; round < 3; round++) {
      leave();
      never.clear();
      for (int i = 0; i < CONNECTIONS; i++) {
        send(requests);
      }
      if (round == 2) {
        assertOthersNoticeNothing();
      }
      for (Socket socket : never) {
        assertEnds(socket);
      }
    }
  }

  @Test
  void requestsThatAreSentTogether_areAllAnswered() throws Exception {
    int requests = 7;
    Socket socket = send(SmallServer.bytes("nothing-there", JSON).repeat(requests));
    InputStream in = socket.getInputStream();
    StringBuilder answers = new StringBuilder();
    int ends = 0;
    for (int from = 0; ends < requests; ) {
      byte[] bytes = new byte[8192];
      int read = in.read(bytes);
      assertThat(read).as("after %d answers", ends).isPositive();
      answers.append(new String(bytes, 0, read, StandardCharsets.US_ASCII));
      for (int at; (at = answers.indexOf("\"}}", from)) >= 0; from = at + 1) {
        ends++;
      }
    }
    assertThat(answers.toString().split("HTTP/1.1 404", -1)).hasSize(requests + 1);
  }

  private Socket send(String bytes) throws IOException {
    Socket socket = server.open(bytes);
    never.add(socket);
    return socket;
  }

  /** The connection ends, with or without a reset. */
  private static void assertEnds(Socket socket) throws IOException {
    byte[] bytes = new byte[8192];
    try {
      InputStream in = socket.getInputStream();
      int all = 0;
      for (int read; (read = in.read(bytes)) >= 0; all += read) {
        assertThat(all).as("bytes").isLessThan(400 * 500);
      }
    } catch (java.net.SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  /**
   * The median is the bystander's. The most depends on what else the machine does while the
   * requests arrive; the time limit of each request bounds it.
   */
  private static void assertOthersNoticeNothing() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      long began = System.nanoTime();
      assertThat(server.get(PayaraServer.BOB, "models").statusCode()).isEqualTo(200);
      millis.add((System.nanoTime() - began) / 1_000_000);
    }
    List<Long> sorted = millis.stream().sorted().toList();
    assertThat(sorted.get(SAMPLES / 2)).as("median of %s", millis).isLessThanOrEqualTo(300);
  }
}
