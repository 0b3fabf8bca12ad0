package ee.lmstudio.simulator.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketSimulatorTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final SimulatorSettings UNLIMITED =
      SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String STREAM = "{\"stream\":true," + HI + "}";

  private static HttpRequest.Builder chat(SocketSimulator lmStudio, String body) {
    return HttpRequest.newBuilder(lmStudio.url().resolve("/v1/chat/completions"))
        .timeout(LIMIT.multipliedBy(3))
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @Test
  void frames_areSentWhenTheyAreDue() throws Exception {
    ConcurrentLinkedQueue<Duration> waits = new ConcurrentLinkedQueue<>();
    Pacer recording = () -> waits::add;
    try (SocketSimulator lmStudio =
            SocketSimulator.answering(SimulatorSettings.defaults()).pacer(recording).start();
        HttpClient client = client()) {
      String text = URLEncoder.encode("a b", StandardCharsets.UTF_8);
      client.send(
          chat(lmStudio, STREAM).header("X-Simulator-Answer", text).build(),
          BodyHandlers.ofString());
    }
    assertThat(waits)
        .extracting(Duration::toMillis)
        .containsExactly(0L, 250L, 275L, 325L, 325L, 325L);
  }

  @Test
  void twoHundredStreamsAtOnce_areAllWhole() {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        HttpClient client = client()) {
      List<CompletableFuture<String>> streams =
          IntStream.range(0, 200)
              .mapToObj(
                  i -> {
                    String body = STREAM.replace("hi", "question " + i % 10);
                    return client
                        .sendAsync(chat(lmStudio, body).build(), BodyHandlers.ofString())
                        .thenApply(
                            answer -> i % 10 + answer.body().replaceAll("\"created\":\\d+", ""));
                  })
              .toList();
      List<String> answers = streams.stream().map(CompletableFuture::join).distinct().toList();
      assertThat(answers).hasSize(10).allMatch(answer -> answer.endsWith("data: [DONE]\n\n"));
      assertThat(lmStudio.generationsPosted()).isEqualTo(200);
      assertThat(lmStudio.requests()).hasSize(200);
    }
  }

  @Test
  void clientThatLeaves_endsItsStreamInEveryPhase() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(SimulatorSettings.defaults())) {
      String slow = "{\"stream\":true,\"model\":\"sim-slow\"," + HI + "}";
      try (RawClient loading = new RawClient(lmStudio.url())) {
        loading.post("/v1/chat/completions", slow);
        assertThat(lmStudio.awaitRequests(1, LIMIT)).isTrue();
      }
      assertThat(lmStudio.awaitStreamClosedByClient(LIMIT)).isTrue();
      try (RawClient writing = new RawClient(lmStudio.url()).post("/v1/chat/completions", STREAM)) {
        writing.readUntil("data: ");
        assertThat(lmStudio.openStreams()).isEqualTo(1);
      }
      assertThat(lmStudio.awaitStreamClosedByClient(LIMIT)).isTrue();
      assertThat(lmStudio.openStreams()).isZero();
    }
  }

  @Test
  void faults_fitTheSimulatorsOwnAnswers() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED)) {
      lmStudio
          .enqueue(Script.answerAsUsual().cutAt(20))
          .enqueue(Script.answerAsUsual().thenClose());
      try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", STREAM)) {
        assertThat(client.readToEnd()).endsWith("\r\n\r\n14\r\ndata: {\"id\":\"chatcmp\r\n");
      }
      try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", STREAM)) {
        assertThat(client.readToEnd()).endsWith("data: [DONE]\n\n\r\n");
      }
      assertThatThrownBy(() -> Script.answerAsUsual().body("x"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void idleConnection_isClosedAndSaysWhenBeforehand() throws Exception {
    try (SocketSimulator lmStudio =
            SocketSimulator.answering(UNLIMITED).keepAlive(Duration.ofMillis(50)).start();
        RawClient client = new RawClient(lmStudio.url()).get("/lmstudio-greeting")) {
      assertThat(client.readToEnd()).endsWith("{\"lmstudio\":true}");
    }
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client = new RawClient(lmStudio.url()).get("/lmstudio-greeting")) {
      assertThat(client.readUntil("\r\n\r\n")).contains("Keep-Alive: timeout=5\r\n");
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws Exception {
    String closing = "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n";
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client =
            new RawClient(lmStudio.url())
                .get("/a")
                .get("/b")
                .send("\r\nHEAD /c HTTP/1.1\r\n\r\n")) {
      assertThat(client.send(closing).readToEnd())
          .containsSubsequence(
              "(GET /a)\"}", "(GET /b)\"}", "Content-Length: 52\r\n", "(GET /x)\"}")
          .doesNotContain("(HEAD /c)")
          .contains("Connection: close\r\n");
    }
  }

  @Test
  void expectContinue_isAnsweredWith100() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client =
            new RawClient(lmStudio.url())
                .send("POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")) {
      client.readUntil("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.send("{}").readUntil("}")).contains("(POST /x)");
    }
  }

  /** The client has asked first, so that it need not send what is refused. */
  @Test
  void expectContinueForTooMuch_isRefusedWithoutAnInvitation() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED)) {
      assertRefused(
          lmStudio,
          "POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 67108865\r\n\r\n",
          "413");
    }
  }

  /** An RST would make the client lose the answer before it has read it. */
  @Test
  void refusalOfABodyThatIsStillBeingSent_arrives() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client =
            new RawClient(lmStudio.url())
                .send("POST /x HTTP/1.1\r\nContent-Length: 67108865\r\n\r\n")
                .send("x".repeat(4 * 1024 * 1024))) {
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").endsWith("\r\n\r\n");
    }
  }

  @Test
  void refusalOfAPipelinedRequest_followsTheEarlierAnswers() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client = new RawClient(lmStudio.url())) {
      lmStudio.enqueue(Script.answerAsUsual().stallAt(10));
      client.get("/a").get("/b").send("nonsense\r\n\r\n");
      assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
      lmStudio.release();
      assertThat(client.readToEnd())
          .containsSubsequence("(GET /a)\"}HTTP/1.1 200 OK", "(GET /b)\"}HTTP/1.1 400 ")
          .endsWith("Content-Length: 0\r\n\r\n");
    }
  }

  @Test
  void requestsBeyondTheBounds_areRefused() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED)) {
      assertRefused(lmStudio, "GET /" + "x".repeat(HttpReader.MAX_HEAD_BYTES), "431");
      assertRefused(lmStudio, "POST / HTTP/1.1\r\nContent-Length: 67108865\r\n\r\n", "413");
      assertRefused(
          lmStudio, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4000001\r\n", "413");
      assertRefused(lmStudio, "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", "400");
      assertRefused(lmStudio, "POST / HTTP/1.1\r\n: x\r\n\r\n", "400");
      assertRefused(lmStudio, "nonsense\r\n", "400");
      for (String headers :
          List.of(
              "Content-Length: 2\r\nContent-Length: 2",
              "Content-Length: 2\r\nContent-Length: 20",
              "Content-Length: 2, 2",
              "Content-Length: +2",
              "Content-Length: -2",
              "Content-Length: 0x2",
              "Content-Length: \u0662",
              "Content-Length: 99999999999999999999",
              "Content-Length:",
              "Content-Length : 2",
              "Content-Length: 2\r\nTransfer-Encoding: chunked",
              "Transfer-Encoding: gzip",
              "Transfer-Encoding: gzip, chunked",
              "Transfer-Encoding: chunked, identity",
              "X: a\r\n folded: b")) {
        String begin = "POST / HTTP/1.1\r\n" + headers + "\r\n\r\n";
        assertRefused(lmStudio, begin, "400");
      }
      for (String size : List.of("+2", "-2", "", "2 2", "g", "ffffffffffffffff")) {
        String begin = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n";
        assertRefused(lmStudio, begin, "400");
      }
      assertThat(lmStudio.requests()).isEmpty();
    }
  }

  private static void assertRefused(SocketSimulator lmStudio, String request, String status)
      throws Exception {
    try (RawClient client = new RawClient(lmStudio.url()).send(request)) {
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void clock_isTheOneGiven() throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2025-04-25T18:22:52Z"), ZoneOffset.UTC);
    try (SocketSimulator lmStudio = SocketSimulator.answering(UNLIMITED).clock(clock).start();
        RawClient client = new RawClient(lmStudio.url()).get("/nowhere")) {
      assertThat(client.readUntil("\r\n\r\n")).contains("Date: Fri, 25 Apr 2025 18:22:52 GMT\r\n");
    }
  }

  @Test
  void tls_isUsedIfConfigured() throws Exception {
    KeyStore keys = KeyStore.getInstance("JKS");
    try (InputStream in = getClass().getResourceAsStream("/keystore")) {
      keys.load(in, "password".toCharArray());
    }
    KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
    identity.init(keys, "password".toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
    try (SocketSimulator lmStudio = SocketSimulator.answering(UNLIMITED).tls(tls).start();
        Socket socket =
            tls.getSocketFactory().createSocket("127.0.0.1", lmStudio.url().getPort())) {
      assertThat(lmStudio.url()).hasScheme("https");
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket
          .getOutputStream()
          .write("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("(GET /x)");
    }
  }

  @Test
  void closed_leavesNoPortNoThreadAndNoStream() throws Exception {
    SocketSimulator lmStudio = SocketSimulator.start(SimulatorSettings.defaults());
    URI url = lmStudio.url();
    RawClient client = new RawClient(url).post("/v1/chat/completions", STREAM);
    client.readUntil("data: ");
    lmStudio.close();
    assertThat(lmStudio.openStreams()).isZero();
    assertThat(lmStudio.awaitStreamClosedByClient(Duration.ZERO)).isFalse();
    client.close();
    assertThatThrownBy(() -> new RawClient(url)).isInstanceOf(ConnectException.class);
  }

  @Test
  void portThatIsTaken_isNamed() {
    try (SocketSimulator first = SocketSimulator.scripted()) {
      int port = first.url().getPort();
      assertThatThrownBy(() -> SocketSimulator.start(UNLIMITED, port))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  @Test
  void requestLog_keepsTheNewestAndCountsAll() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(UNLIMITED);
        RawClient client = new RawClient(lmStudio.url())) {
      for (int i = 0; i <= RequestLog.MAX_REQUESTS; i++) {
        client.get("/" + i).readUntil("(GET /" + i + ")\"}");
      }
      assertThat(lmStudio.requests()).hasSize(RequestLog.MAX_REQUESTS);
      assertThat(lmStudio.requests().get(0).path()).isEqualTo("/1");
      assertThat(lmStudio.awaitRequests(RequestLog.MAX_REQUESTS + 1, Duration.ZERO)).isTrue();
      assertThat(lmStudio.awaitRequests(5_000, Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void immediatePace_endsWhenInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Pacer.immediate().start().waitUntil(LIMIT))
        .isInstanceOf(InterruptedException.class);
  }
}
