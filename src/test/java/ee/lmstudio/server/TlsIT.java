package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged server speaks TLS itself ({@code --sslport}), behind the same door. */
@Timeout(120)
class TlsIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION = Api.chat("\"model\":\"m\",\"stream\":true");
  private static final String HOST = "Host: localhost\r\n";
  private static final int MAX_CONNECTIONS = 16;

  @TempDir static Path directory;
  private static SocketSimulator lmStudio;
  private static PublicCertificate certificate;
  private static Bundle server;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    certificate = PublicCertificate.create();
    Path keyStore = directory.resolve("server.p12");
    certificate.write(keyStore);
    port = Bundle.freePort();
    server =
        Bundle.startWith(
            List.of("--sslport", "" + port, "--sslcert", PublicCertificate.ALIAS),
            Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Xmx512m -Djavax.net.ssl.keyStore=%s -Djavax.net.ssl.keyStorePassword=%s"
                    .formatted(keyStore, PublicCertificate.PASSWORD),
                "APP_ENV",
                "local",
                "LM_STUDIO_ACCESS_TOKENS",
                "alice:" + PayaraServer.ALICE,
                "LM_STUDIO_BASE_URL",
                lmStudio.url().toString(),
                "LM_STUDIO_BODY_TIMEOUT",
                "1s",
                "LM_STUDIO_MAX_CONNECTIONS",
                "" + MAX_CONNECTIONS));
    assertThat(server.awaitReady()).as(() -> String.join("\n", server.output())).isTrue();
  }

  @AfterAll
  static void stop() throws Exception {
    lmStudio.close();
    if (server != null) {
      server.close();
    }
  }

  private static HttpClient client() throws Exception {
    return HttpClient.newBuilder()
        .version(Version.HTTP_2)
        .sslContext(certificate.trusted())
        .build();
  }

  private static HttpRequest.Builder alice(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
        .timeout(Api.LIMIT)
        .header("Authorization", "Bearer " + PayaraServer.ALICE);
  }

  private static HttpRequest.Builder asking(String path) {
    return alice(path)
        .header("Content-Type", Api.JSON)
        .header("Accept", Api.EVENTS)
        .POST(BodyPublishers.ofString(QUESTION));
  }

  @Test
  void readyLine_namesBothPorts() {
    assertThat(server.output().getLast())
        .isEqualTo(
            "lmstudio-ee is ready on port ["
                + server.port()
                + "] and with TLS on port ["
                + port
                + "]");
  }

  @Test
  void clientThatOffersHttp2_getsHttp11WithOurHeadersAndSecureCookies() throws Exception {
    try (HttpClient browser = client()) {
      HttpResponse<String> page = browser.send(alice("/login").build(), BodyHandlers.ofString());
      assertThat(page.version()).isEqualTo(Version.HTTP_1_1);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().map()).containsKey("x-request-id").doesNotContainKey("server");
      HttpResponse<String> link =
          browser.send(
              alice("/ai/lmstudio/demo?token=" + PayaraServer.ALICE).build(),
              BodyHandlers.ofString());
      assertThat(link.statusCode()).isEqualTo(302);
      assertThat(Api.header(link, "Set-Cookie")).contains("; Secure", "HttpOnly");
      assertThat(page.uri().resolve(Api.header(link, "Location")))
          .isEqualTo(URI.create("https://localhost:" + port + "/ai/lmstudio/demo"));
    }
  }

  @Test
  void stream_arrivesEventByEventAndIsResumed() throws Exception {
    Script script = Script.respondWithEvents(Chunks.text("one"));
    lmStudio.enqueue(CHAT, script.thenStall().body(Chunks.text("two") + Chunks.end()));
    try (HttpClient browser = client()) {
      HttpResponse<InputStream> response =
          browser.send(asking("/" + Api.ROOT + "infer").build(), BodyHandlers.ofInputStream());
      readUntil(response.body(), "\"content\":\"one\"");
      lmStudio.release();
      readUntil(response.body(), "event: completed");

      String stream = Api.header(response, "Location");
      HttpResponse<String> rest =
          browser.send(
              alice(stream).header("Accept", Api.EVENTS).header("Last-Event-ID", "1").build(),
              BodyHandlers.ofString());
      assertThat(rest.body()).contains("id: 2\n", "\"one\"", "\"two\"", "event: completed");
    }
  }

  @Test
  void clientThatLeaves_endsTheGeneration() throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithEvents(Chunks.text("one")).thenStall());
    try (HttpClient browser = client()) {
      HttpResponse<InputStream> response =
          browser.send(asking(CHAT).build(), BodyHandlers.ofInputStream());
      readUntil(response.body(), "\"content\":\"one\"");
      response.body().close();
      assertThat(lmStudio.awaitStreamClosedByClient(Api.LIMIT)).isTrue();
    }
  }

  /** In each row, {@code |} stands for a line end, and {@code xK} for text of this length. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "POST /v1/x HTTP/1.1|Content-Length: 4|Transfer-Encoding: chunked; 400",
        "GET /login HTTP/1.1|no colon; 400",
        "GET /WEB-INF HTTP/1.1; 404",
        "PRI * HTTP/2.0; 505",
        "GET /login HTTP/1.1|Host: evil.example; 421",
        "GET /login HTTP/1.1|X: x17K; 400",
        "POST /login HTTP/1.1|Content-Type: application/x-www-form-urlencoded|Content-Length:"
            + " 70000; 413",
        "POST /v1/chat/completions HTTP/1.1|Authorization: Bearer ALICE|Content-Type:"
            + " application/json|Content-Length: 9000000; 413",
        "POST /v1/chat/completions HTTP/1.1|Authorization: Bearer ALICE|Content-Type:"
            + " application/json|Content-Length: 90; 408",
      })
  void requestBeyondALimit_isRefusedAsWithoutTls(String head, int status) throws Exception {
    String named = head.contains("|Host:") ? "" : HOST;
    String request =
        head.replace("|", "\r\n")
                .replace("x17K", "x".repeat(17 << 10))
                .replace("ALICE", PayaraServer.ALICE)
            + "\r\n"
            + named
            + "\r\n";
    try (SSLSocket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = readUntil(socket.getInputStream(), "\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\r\nX-Request-Id: ");
    }
  }

  @Test
  void connectionsBeyondTheLimit_areClosedTheOldestFirst() throws Exception {
    List<SSLSocket> opened = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * MAX_CONNECTIONS; i++) {
        opened.add(connect());
      }
      // Ends because the server closes the connection, long before the limit for a request head.
      assertThat(opened.getFirst().getInputStream().read()).isEqualTo(-1);
      SSLSocket newest = opened.getLast();
      newest
          .getOutputStream()
          .write(("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n").getBytes(UTF_8));
      assertThat(readUntil(newest.getInputStream(), "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    } finally {
      for (SSLSocket socket : opened) {
        socket.close();
      }
    }
  }

  private static SSLSocket connect() throws Exception {
    SSLSocket socket =
        (SSLSocket) certificate.trusted().getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout((int) Api.LIMIT.toMillis());
    socket.startHandshake();
    return socket;
  }

  private static String readUntil(InputStream in, String wanted) throws IOException {
    StringBuilder read = new StringBuilder();
    byte[] some = new byte[8192];
    while (read.indexOf(wanted) < 0) {
      int count = in.read(some);
      assertThat(count).as("%s after %s", wanted, read).isPositive();
      read.append(new String(some, 0, count, UTF_8));
    }
    return read.toString();
  }
}
