package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that runs one stream at a time and keeps it for four seconds. */
@Timeout(120)
class SmallServerIT {
  private static final String ASK = chat("\"model\":\"m\"");
  private static final String LISTENER = "ee.lmstudio.http.events.EventStreamResponse";
  private static final String LOG = "ee.lmstudio.stream.memory.MemoryStreamLog";

  private static final int LOST = 20;
  private static final int PIECES = 64;
  private static final String PIECE = "0123456789abcdef".repeat(4096);

  /** What the log and all the listeners' buffers may take; with a copy for each it were over 80. */
  private static final int MOST_KIB = 24 * 1024;

  private static ContractServer.Shared small;
  private static Api api;

  @BeforeAll
  static void start() {
    small =
        new ContractServer.Shared(
            server ->
                server
                    .config("lm-studio.max-streams", "1")
                    .config("lm-studio.queue-timeout", "1s")
                    .config("lm-studio.stream-retention", "4s")
                    .testClasses(CountsServlet.class));
    api = small.api;
  }

  @AfterAll
  static void stop() {
    small.close();
  }

  private static JsonObject counts() throws Exception {
    HttpResponse<String> counts =
        api.send(api.anonymous("counts").header("Authorization", "Bearer " + PayaraServer.ALICE));
    assertThat(counts.statusCode()).isEqualTo(200);
    return Api.json(counts.body());
  }

  private static int live(JsonObject counts, String type) {
    return counts.getJsonObject("objects").getInt(type, 0);
  }

  private static int held(JsonObject counts, String what) {
    return counts.getJsonObject("held").getInt(what);
  }

  private static void assertOverloaded(HttpResponse<String> response) {
    assertThat(Api.code(response, 503)).isEqualTo("overloaded");
    assertThat(Api.header(response, "Retry-After")).matches("[1-9]\\d*");
  }

  @Test
  void allPlacesTaken_nextWaitThenAre503WithRetryAfter() throws Exception {
    long posted = api.lmStudio().generationsPosted();
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall());
    try (Listening running = api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta")) {
      // Of another caller: it is the server's limit, not theirs.
      String waiting = api.begin(PayaraServer.BOB, ASK);
      assertOverloaded(api.send(api.infer(EVENTS, ASK)));
      assertOverloaded(api.send(api.infer(JSON, ASK)));
      assertOverloaded(api.send(api.infer(JSON, chat("\"stream\":false"))));

      // Its turn does not come in time.
      try (Listening listener =
          api.listen(
              api.as(PayaraServer.BOB, "streams/" + waiting).header("Accept", EVENTS).build())) {
        Event last = listener.readAll().events().getLast();
        assertThat(last.name()).isEqualTo("failed");
        assertThat(last.data().getJsonObject("error").getString("code")).isEqualTo("overloaded");
      }
      assertOverloaded(api.send(api.infer(JSON, chat("\"stream\":false"))));
      assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted + 1);
      api.send(api.request("streams/" + running.streamId()).DELETE());
    }
    api.chatStreams(Chunks.text("free again"), Chunks.end());
    assertThat(api.send(api.infer(EVENTS, ASK)).body()).contains("free again", "completed");
  }

  /**
   * They neither read nor close, and stay so: without a FIN nothing else reaches the server of a
   * machine that was switched off. (That one's kernel does not answer either, which TCP notices
   * after minutes; these are worse, TCP would wait for them for ever.)
   */
  @Test
  void vanishWithoutAFin_costTheirBufferAndAreDisconnected() throws Exception {
    Script script = Script.respondWith(200, EVENTS).body(Chunks.text("begin ")).thenStall();
    for (int i = 0; i < PIECES; i++) {
      script.body(Chunks.text(PIECE));
    }
    api.chatAnswers(script.body(Chunks.end()));
    List<Socket> lost = new ArrayList<>();
    try (Listening steady = api.listen(api.infer(EVENTS, ASK)).readUntilEvent("delta")) {
      JsonObject before = counts();
      for (int i = 0; i < LOST; i++) {
        lost.add(listensAndReadsNoMore(steady.streamId()));
      }
      api.lmStudio().release();
      assertThat(EventText.shown(steady.readAll().events()))
          .as("others hear it whole, in spite of them")
          .isEqualTo("begin " + PIECE.repeat(PIECES));

      JsonObject during = counts();
      // The log is packed just after its last event has gone out.
      for (int i = 0; i < 20 && grown(before, during) >= MOST_KIB; i++) {
        during = counts();
      }
      assertThat(live(during, LISTENER)).as("they are stuck").isEqualTo(LOST);
      assertThat(grown(before, during)).as("KiB for %d of them", LOST).isLessThan(MOST_KIB);

      awaitNoneLeft(held(before, "sockets"));
      for (Socket socket : lost) {
        assertThat(rest(socket)).as("looks complete").doesNotEndWith("\r\n0\r\n\r\n");
      }
    } finally {
      for (Socket socket : lost) {
        socket.close();
      }
    }
  }

  private static int grown(JsonObject before, JsonObject during) {
    return held(during, "heap KiB") - held(before, "heap KiB");
  }

  private static Socket listensAndReadsNoMore(String id) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket.connect(new InetSocketAddress("127.0.0.1", api.server().baseUrl().getPort()));
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
            .formatted(api.url("streams/" + id).getPath(), PayaraServer.ALICE, EVENTS);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).as("it listens").isEqualTo('H');
    return socket;
  }

  private static void awaitNoneLeft(int sockets) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    JsonObject now = counts();
    while (live(now, LISTENER) > 0 || live(now, LOG) > 0 || held(now, "sockets") > sockets) {
      assertThat(System.nanoTime()).as("still held: %s", now).isLessThan(end);
      now = counts();
    }
  }

  /** What was under way when the server closed. */
  private static String rest(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] some = new byte[64 * 1024];
    try {
      for (int n = socket.getInputStream().read(some);
          n >= 0;
          n = socket.getInputStream().read(some)) {
        all.append(new String(some, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketException reset) {
      // The server closed without the end of the answer.
    }
    return all.toString();
  }
}
