package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged server answers every request itself, whatever happens behind its door. */
@Timeout(180)
class DoorIT {
  /** More requests than one caller can have threads. */
  private static final int REQUESTS = 200;

  private static final String HOST = "Host: localhost\r\n";
  private static final String SIGNED_IN =
      HOST + "Authorization: Bearer " + PayaraServer.ALICE + "\r\n";
  private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\n" + HOST + "\r\n";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "APP_ENV", "local",
          "LM_STUDIO_SIMULATOR", "true",
          "LM_STUDIO_ACCESS_TOKENS", "alice:" + PayaraServer.ALICE,
          "JAVA_TOOL_OPTIONS", "-Xmx512m");

  @TempDir static Path directory;
  private static Bundle bundle;
  private static final List<String> WHILE_STARTING = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    bundle = Bundle.start(FaultyServlet.packaged(directory), SETTINGS);
    // Asks from the moment at which the port is open until the application answers.
    String answer;
    do {
      answer = answer("GET /api/v1/ai/lmstudio/models HTTP/1.1\r\n" + HOST);
      if (!answer.isEmpty()) {
        WHILE_STARTING.add(answer);
        WHILE_STARTING.add(answer("GET /health/live HTTP/1.1\r\n" + HOST));
      }
    } while (!answer.startsWith("HTTP/1.1 401 "));
    assertThat(bundle.awaitReady()).as(() -> String.join("\n", bundle.output())).isTrue();
  }

  @AfterAll
  static void stop() {
    bundle.close();
  }

  @Test
  void whileTheServerStarts_everyAnswerIsOurs() {
    assertThat(WHILE_STARTING)
        .hasSizeGreaterThan(2)
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .matches("(?s)HTTP/1.1 (503|401|200) .*")
                    .contains("\r\nX-Request-Id: ", "\r\nContent-Security-Policy: "));
    assertThat(WHILE_STARTING.get(0))
        .startsWith("HTTP/1.1 503 ")
        .contains("\r\nRetry-After: 1\r\n", "\"code\":\"overloaded\"");
    assertThat(WHILE_STARTING.get(1)).startsWith("HTTP/1.1 200 ").contains("\"UP\"");
  }

  /** In each row, {@code |} stands for a line end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "POST /v1/x HTTP/1.1|Content-Length: 4|Transfer-Encoding: chunked; 400",
        "POST /v1/x HTTP/1.1|Transfer-Encoding: chunked|Content-Length: 4; 400",
        "POST /api/x HTTP/1.1|Transfer-Encoding: chunked|Transfer-Encoding: chunked; 400",
        "POST /api/x HTTP/1.1|Transfer-Encoding: identity|Transfer-Encoding: chunked; 400",
        "POST /login HTTP/1.1|Transfer-Encoding: chunked, identity; 400",
        "POST /login HTTP/1.1|Transfer-Encoding: gzip, chunked; 400",
        "POST /login HTTP/1.1|Content-Length: 4|Content-Length: 14; 400",
        "POST /login HTTP/1.1|Content-Length: +14; 400",
        "POST /login HTTP/1.1|Content-Length: 14, 14; 400",
        "POST /login HTTP/1.0|Transfer-Encoding: chunked; 400",
        "POST /login HTTP/1.1|Transfer-Encoding : chunked; 400",
        "CONNECT localhost:443 HTTP/1.1; 400",
        "CONNECT /login HTTP/1.1; 405",
        "OPTIONS * HTTP/1.1; 400",
        "GET login HTTP/1.1; 400",
        "GET /login; 400",
        "GET /login HTTP/1.2; 400",
        "GET /login HTTP/2.0; 505",
        "GET /login HTTP/1.1|no colon; 400",
        "POST /login HTTP/1.1|Expect: 200-ok; 417"
      })
  void requestThatIsNotSafe_isRefusedAndItsConnectionClosed(String head, int status)
      throws IOException {
    String request = head.replace("|", "\r\n") + "\r\n" + HOST + "\r\n4\r\nabcd\r\n0\r\n\r\n";

    // Ends because the server closes the connection.
    String answer = exchange(request + SMUGGLED);

    assertOurs(answer, status, head.contains(" /api") || head.contains(" /v1"));
    assertThat(answer).contains("\r\nConnection: close\r\n").doesNotContain("HTTP/1.1 200");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "GET /js HTTP/1.1|Host: evil.example; 421",
        "GET /css HTTP/1.1|Host: evil.example; 421",
        "GET /ai HTTP/1.1|Host: evil.example; 421",
        "GET /js/page HTTP/1.1|Host: evil.example; 421",
        "GET /META-INF HTTP/1.1|Host: evil.example; 404",
        "GET /WEB-INF HTTP/1.1|Host: evil.example; 404",
        "GET /health/live HTTP/1.1|Host: evil.example; 421",
        "GET http://evil.example/health/live HTTP/1.1|Host: localhost; 421",
        "TRACE /login HTTP/1.1|Host: localhost; 405",
        "FOO /login HTTP/1.1|Host: localhost; 405",
        "get /login HTTP/1.1|Host: localhost; 405",
        "POST /favicon.svg HTTP/1.1|Host: localhost|Content-Length: 0; 405",
        "PUT /health/live HTTP/1.1|Host: localhost|Content-Length: 0; 405",
        "GET /login HTTP/1.0|X: no host; 421"
      })
  void requestOfOddForm_isAnsweredByTheRouteTable(String head, int status) throws IOException {
    String answer = exchange(head.replace("|", "\r\n") + "\r\nConnection: close\r\n\r\n");

    assertOurs(answer, status, head.contains("/health"));
    assertThat(answer).doesNotContain("\r\nLocation: ");
    assertThat(answer.contains("\r\nAllow: ")).isEqualTo(status == 405);
  }

  private static void assertOurs(String answer, int status, boolean json) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains(
            "\r\nX-Request-Id: ",
            "\r\nContent-Security-Policy: ",
            "\r\nX-Content-Type-Options: nosniff\r\n",
            "\r\nContent-Type: " + (json ? "application/json" : "text/html"))
        .doesNotContainIgnoringCase("payara");
  }

  @Test
  void everyThreadOfACallerBlocked_livenessAndOtherCallersAreAnswered() throws Exception {
    List<Socket> clients = new ArrayList<>();
    try (ServerSocket until = new ServerSocket(0)) {
      until.setSoTimeout(60_000);
      for (int i = 0; i < REQUESTS; i++) {
        Socket client = new Socket("127.0.0.1", bundle.port());
        clients.add(client);
        String request = "GET /faulty/block?until=" + until.getLocalPort() + " HTTP/1.1\r\n";
        client.getOutputStream().write((request + SIGNED_IN + "\r\n").getBytes(ISO_8859_1));
      }
      int threads = Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
      for (int i = 0; i < threads / 3; i++) {
        clients.add(until.accept()); // Now a thread is blocked.
      }
      assertThat(answer("GET /login HTTP/1.1\r\n" + HOST)).startsWith("HTTP/1.1 200 ");
      long[] nanos = new long[41];
      for (int i = 0; i < nanos.length; i++) {
        long begin = System.nanoTime();
        assertThat(answer("GET /health/live HTTP/1.1\r\n" + HOST)).startsWith("HTTP/1.1 200 ");
        nanos[i] = System.nanoTime() - begin;
      }
      Arrays.sort(nanos);
      assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(100));
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  /** While a body arrives in two packets, Payara suspends its request. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 14, 20, 22, 25, 27})
  void pipelinedRequestsBehindAChunkedBody_areAnsweredInOrder(int cut) throws Exception {
    String body = "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nX: y\r\n\r\n";
    String first =
        "POST /api/v1/ai/lmstudio/infer HTTP/1.1\r\n"
            + SIGNED_IN
            + "Content-Type: application/json\r\nX-Request-Id: first\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n";
    String others =
        "GET /login HTTP/1.1\r\n"
            + (HOST + "X-Request-Id: second\r\n\r\nGET /health/live HTTP/1.1\r\n")
            + (HOST + "X-Request-Id: third\r\nConnection: close\r\n\r\n");
    try (Socket client = new Socket("127.0.0.1", bundle.port())) {
      client.setSoTimeout(30_000);
      client.getOutputStream().write((first + body.substring(0, cut)).getBytes(ISO_8859_1));
      // The same thread reads this one, afterwards.
      assertThat(answer("GET /health/live HTTP/1.1\r\n" + HOST)).startsWith("HTTP/1.1 200 ");
      client.getOutputStream().write((body.substring(cut) + others).getBytes(ISO_8859_1));
      String answers = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(Pattern.compile("X-Request-Id: (.*)\r\n").matcher(answers).results())
          .extracting(id -> id.group(1))
          .containsExactly("first", "second", "third");
      assertThat(answers).startsWith("HTTP/1.1 422 Unprocessable Content\r\n");
    }
  }

  @Test
  void heapFull_theProcessEndsAndSaysWhy() throws Exception {
    try (Bundle full = Bundle.start(directory.resolve("faulty.jar"), SETTINGS)) {
      assertThat(full.awaitReady()).isTrue();
      try (Socket client = new Socket("127.0.0.1", full.port())) {
        client
            .getOutputStream()
            .write(("GET /faulty/fill HTTP/1.1\r\n" + SIGNED_IN + "\r\n").getBytes(ISO_8859_1));
        assertThat(full.awaitLine("lmstudio-ee ended: no memory is left")).isTrue();
      }
      assertThat(full.awaitExit()).isEqualTo(3);
    }
  }

  @Test
  void whileTheServerStops_everyAnswerIsOurs() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.scripted();
        Bundle stopping = Bundle.startQuickly(streamsThatNeverEnd(lmStudio));
        Socket listener = new Socket()) {
      assertThat(stopping.awaitReady()).isTrue();
      listener.connect(new InetSocketAddress("127.0.0.1", stopping.port()));
      String ask = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
      listener
          .getOutputStream()
          .write(
              ("POST /api/v1/ai/lmstudio/infer HTTP/1.1\r\n"
                      + SIGNED_IN
                      + "Content-Type: application/json\r\nAccept: text/event-stream\r\n"
                      + "Content-Length: "
                      + ask.length()
                      + "\r\n\r\n"
                      + ask)
                  .getBytes(ISO_8859_1));
      assertThat(listener.getInputStream().read()).isPositive();
      List<String> answers = new ArrayList<>();
      stopping.signal("TERM");
      while (ProcessHandle.of(stopping.pid()).isPresent()) {
        String request = "GET /login HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
        String answer = exchange(stopping.port(), request);
        if (!answer.isEmpty()) {
          answers.add(answer);
        }
      }
      assertThat(answers)
          .isNotEmpty()
          .allSatisfy(
              answer ->
                  assertThat(answer)
                      .matches("(?s)HTTP/1.1 (200|503) .*")
                      .contains("\r\nX-Request-Id: "));
    }
  }

  private static Map<String, String> streamsThatNeverEnd(SocketSimulator lmStudio) {
    lmStudio.enqueue(
        "/v1/chat/completions",
        Script.respondWith(200, "text/event-stream").body(Chunks.text("a")).thenStayOpen());
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.remove("LM_STUDIO_SIMULATOR");
    settings.put("LM_STUDIO_BASE_URL", lmStudio.url().toString());
    settings.put("LM_STUDIO_STOP_PATIENCE", "2s");
    return settings;
  }

  private static String answer(String head) throws IOException {
    return exchange(head + "Connection: close\r\n\r\n");
  }

  private static String exchange(String request) throws IOException {
    return exchange(bundle.port(), request);
  }

  /** Returns everything until the server closes the connection; empty if nothing listens. */
  private static String exchange(int port, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (ConnectException notOpen) {
      return "";
    } catch (SocketException closed) {
      return ""; // The listener was closed before it accepted the connection.
    }
  }
}
