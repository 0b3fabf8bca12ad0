package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A listener that does not read while megabytes come. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class SlowListenerIT {
  private static final int PIECES = 200;
  private static final String PIECE = "0123456789abcdef".repeat(4096);

  @Test
  void slowListener_delaysNobodyAndGetsTheWholeText(Api api) throws Exception {
    Script script = Script.respondWith(200, EVENTS).body(Chunks.text("begin ")).thenStall();
    for (int i = 0; i < PIECES; i++) {
      script.body(Chunks.text(PIECE));
    }
    api.chatAnswers(script.body(Chunks.end()));
    try (Listening quick =
            api.listen(api.infer(EVENTS, chat("\"model\":\"m\""))).readUntilEvent("delta");
        Socket slow = new Socket()) {
      slow.setReceiveBufferSize(16 * 1024);
      slow.connect(new InetSocketAddress("127.0.0.1", api.server().baseUrl().getPort()));
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
              .formatted(
                  api.url("streams/" + quick.streamId()).getPath(), PayaraServer.ALICE, EVENTS);
      slow.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(slow.getInputStream().read()).as("it listens").isEqualTo('H');
      api.lmStudio().release();

      String whole = "begin " + PIECE.repeat(PIECES);
      List<Event> quickly = quick.readAll().events();
      assertThat(EventText.shown(quickly)).isEqualTo(whole);
      assertThat(quickly.get(quickly.size() - 1).id()).isEqualTo(PIECES + 3);

      List<Event> slowly = EventText.events(body(slow));
      assertThat(EventText.names(slowly)).contains("snapshot").endsWith("completed");
      assertThat(slowly).hasSizeLessThan(PIECES);
      assertThat(EventText.shown(slowly)).isEqualTo(whole);
      assertThat(slowly).extracting(Event::id).isSorted().doesNotHaveDuplicates();
    }
  }

  /** The body of a chunked answer, whose end is its last chunk. */
  private static String body(Socket socket) throws Exception {
    StringBuilder answer = new StringBuilder("H");
    byte[] some = new byte[64 * 1024];
    while (answer.indexOf("\r\n0\r\n\r\n", answer.length() - 7) < 0) {
      int count = socket.getInputStream().read(some);
      assertThat(count).isPositive();
      answer.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
    }
    StringBuilder body = new StringBuilder();
    int at = answer.indexOf("\r\n\r\n") + 4;
    while (true) {
      int line = answer.indexOf("\r\n", at);
      int size = Integer.parseInt(answer.substring(at, line), 16);
      if (size == 0) {
        return body.toString();
      }
      body.append(answer, line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
  }
}
