package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged server behaves as docs/operations/hardening.md says. */
@Timeout(120)
class BundleIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Bundle bundle;

  @BeforeAll
  static void start() throws Exception {
    bundle =
        Bundle.start(
            Bundle.JAR,
            Map.of(
                "APP_ENV", "local",
                "LM_STUDIO_SIMULATOR", "true",
                "LM_STUDIO_ACCESS_TOKENS", "alice:" + PayaraServer.ALICE));
    assertThat(bundle.awaitReady()).as(() -> String.join("\n", bundle.output())).isTrue();
  }

  @AfterAll
  static void stop() {
    bundle.close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void running_listensOnOneLoopbackPortAndCallsNobody() throws Exception {
    ProcessSockets sockets = ProcessSockets.of(bundle.pid());

    assertThat(sockets.tcp().stream().filter(ProcessSockets.Socket::listening))
        .singleElement()
        .satisfies(
            socket -> {
              assertThat(socket.port()).isEqualTo(bundle.port());
              assertThat(socket.loopback()).isTrue();
            });
    assertThat(sockets.tcp())
        .as("no connection of its own: each has the server's port at this end")
        .allSatisfy(socket -> assertThat(socket.port()).isEqualTo(bundle.port()));
    assertThat(sockets.udp()).isEmpty();
  }

  @Test
  void anyAnswer_namesNoProduct() throws Exception {
    for (String path : new String[] {"no-such-page", "metrics", "openapi", "health/ready"}) {
      HttpResponse<String> response = get(path);

      assertThat(response.headers().map()).doesNotContainKeys("server", "x-powered-by");
      assertThat(response.body()).doesNotContainIgnoringCase("payara");
    }
  }

  @Test
  void payarasOwnMetricsAndOpenApi_areOff() throws Exception {
    assertThat(get("metrics").body()).doesNotContain("# TYPE");
    assertThat(get("openapi").body()).doesNotContain("openapi:");
  }

  @Test
  void trace_isRefused() throws Exception {
    HttpRequest trace =
        HttpRequest.newBuilder(bundle.url("login"))
            .method("TRACE", HttpRequest.BodyPublishers.noBody())
            .build();

    assertThat(CLIENT.send(trace, BodyHandlers.ofString()).statusCode()).isBetween(400, 499);
  }

  @Test
  void tooManyOrTooLongHeaders_areRefused() throws Exception {
    assertThat(statusLine("x: y\r\n".repeat(100))).contains(" 4");
    assertThat(statusLine("x: " + "y".repeat(20_000) + "\r\n")).contains(" 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%zz",
        "/%",
        "/%2",
        "/%u0041",
        "/%00",
        "/%ff",
        "/%c0%ae",
        "/%e0%80%80",
        "/%c3%28",
        "/..%2f",
        "/../x",
        "/%2e%2e/x",
        "/js/..%2f..%2fx",
        "/a\\b",
        "/%5c",
        "/api/v1;%zz",
        "/api/v1/ai/lmstudio/models%zz",
        "/v1/models%",
        "http://localhost/%zz"
      })
  void pathThatCannotBeRead_is400WithOurHeaders(String path) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", bundle.port())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      // Read to the end, because the connection is closed cleanly after the answer.
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 400 ")
          .contains("\r\nContent-Security-Policy: ", "\r\nX-Request-Id: ", "cannot be decoded")
          .doesNotContainIgnoringCase("payara")
          .doesNotContainIgnoringCase("grizzly")
          .doesNotContain("\r\nServer:");
      boolean api = path.startsWith("/api") || path.startsWith("/v1");
      assertThat(answer).contains(api ? "application/json" : "text/html");
    }
  }

  /** Payara would answer 200, without a body. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":80", ":"})
  void malformedHost_is421(String host) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", bundle.port())) {
      String request = "GET /login HTTP/1.1\r\nHost:" + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 421 ").contains("\r\nX-Request-Id: ");
    }
  }

  private static String statusLine(String headers) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", bundle.port())) {
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), US_ASCII);
    }
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(bundle.url(path)).build(), BodyHandlers.ofString());
  }
}
