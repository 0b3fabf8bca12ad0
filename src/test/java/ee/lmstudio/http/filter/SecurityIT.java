package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a real container shows: its cookies, its own errors, its redirects. */
@ExtendWith(SharedServer.class)
class SecurityIT {
  private static final String NOTHING = "api/v1/ai/lmstudio/there-is-nothing-here";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static HttpResponse<String> get(PayaraServer server, String path, String... headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(server.url(path)), headers);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void anonymousCaller_isRefusedOrSentToLogin(PayaraServer server) throws Exception {
    HttpResponse<String> api = get(server, NOTHING, "X-Request-Id", "it-1");
    assertThat(api.statusCode()).isEqualTo(401);
    assertThat(api.body()).contains("\"unauthenticated\"", "\"request_id\":\"it-1\"");
    assertThat(header(api, "Content-Security-Policy")).startsWith("default-src 'none'");

    HttpResponse<String> page = get(server, "ai/lmstudio/demo");
    assertThat(page.statusCode()).isEqualTo(302);
    assertThat(header(page, "Location")).isEqualTo(server.baseUrl().getPath() + "login");

    assertThat(get(server, "login").statusCode()).isEqualTo(200);
  }

  /** With {@code -DskipNode}, the WAR has the libraries of an earlier build, if there was one. */
  @ParameterizedTest
  @CsvSource({
    "js/page/markdown.js, text/javascript",
    "css/markdown.css, text/css",
    "js/vendor/lit-html.js, text/javascript",
    "js/vendor/LICENSES.txt, text/plain",
    "css/vendor/katex.css, text/css",
    "css/vendor/fonts/KaTeX_Main-Regular.woff2, font/woff2"
  })
  void filesOfThePage_areServedWithTheirTypesToEverybody(
      String path, String type, PayaraServer server) throws Exception {
    assumeThat(path.contains("/vendor/") && !Files.exists(Path.of("target/vendor", path)))
        .as("there is no " + path + ", because npm run vendor did not run")
        .isFalse();
    HttpResponse<String> file = get(server, path);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(header(file, "Content-Type")).startsWith(type);
    assertThat(header(file, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(file, "Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(get(server, "js/vendor/lit-html.d.ts").statusCode()).isEqualTo(404);
  }

  /** Grizzly closes the connection if one write is longer than 256 KiB. */
  @Test
  void largestFileOfThePage_arrivesWhole(PayaraServer server) throws Exception {
    Path built = Path.of("target/vendor/js/vendor/katex.js");
    assumeThat(built).as("npm run vendor did not run").exists();
    assertThat(Files.size(built)).isGreaterThan(256 * 1024);
    HttpResponse<String> file = get(server, "js/vendor/katex.js");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isEqualTo(Files.readString(built));
  }

  /** Java's own client offers HTTP/2 with its first request unless told otherwise. */
  @Test
  void upgradeOffered_isDeclinedAndTheBodyRead(PayaraServer server) throws Exception {
    byte[] body =
        "{\"model\":\"sim-chat\",\"prompt\":\"Hi\",\"max_tokens\":2,\"stream\":false}"
            .getBytes(StandardCharsets.UTF_8);
    List<BodyPublisher> lengthAndChunks =
        List.of(
            BodyPublishers.ofByteArray(body),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    for (BodyPublisher publisher : lengthAndChunks) {
      HttpResponse<String> answer = offeringUpgrade(server, PayaraServer.BOB, publisher);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(header(answer, "Content-Type")).startsWith("application/json");
    }
  }

  @Test
  void upgradeOfferedForAStream_isAnsweredInChunks(PayaraServer server) throws Exception {
    BodyPublisher body =
        BodyPublishers.ofString("{\"prompt\":\"Hi\",\"max_tokens\":2,\"stream\":true}");
    HttpResponse<String> answer = offeringUpgrade(server, PayaraServer.BOB, body);
    assertThat(header(answer, "Content-Type")).startsWith("text/event-stream");
    assertThat(header(answer, "Transfer-Encoding")).isEqualTo("chunked");
    assertThat(answer.body()).contains("event: completed");
  }

  @Test
  void upgradeOfferedWithAForm_isRefusedAtOnce(PayaraServer server) throws Exception {
    HttpRequest form =
        HttpRequest.newBuilder(server.url("login"))
            // Payara would give up waiting for more of it after 30 s.
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("login=login&login%3Atoken=of-nobody"))
            .build();
    try (HttpClient offers = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = offers.send(form, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("Upgrade");
    }
  }

  /** What the refusal leaves unread is no reason to lose the refusal. */
  @Test
  void upgradeOfferedAnonymously_isRefusedOnceTheBodyWasSent(PayaraServer server) throws Exception {
    byte[] large = new byte[500_000];
    BodyPublisher chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));
    for (BodyPublisher publisher : List.of(BodyPublishers.ofByteArray(large), chunks)) {
      HttpResponse<String> answer = offeringUpgrade(server, "of-nobody", publisher);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
      assertThat(answer.body()).contains("\"unauthenticated\"");
    }
  }

  /** Payara has 200 threads; who never sends the body does not get them all. */
  @Test
  void upgradesWithoutTheirBodies_holdUpNobody(PayaraServer server) throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 250; i++) {
        Socket socket = new Socket("127.0.0.1", server.baseUrl().getPort());
        silent.add(socket);
        String head =
            "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                    .formatted(server.url(NOTHING).getPath())
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nHe";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      }
      // They are ended when they have sent too little for five seconds.
      HttpRequest.Builder live =
          HttpRequest.newBuilder(server.url("health/live")).timeout(Duration.ofSeconds(20));
      assertThat(send(live).statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
      awaitNobodyWaitedFor(server);
    }
  }

  /** Until then an answer may be lost to who still sends. */
  private static void awaitNobodyWaitedFor(PayaraServer server) throws InterruptedException {
    for (int refused = 0; refused < 40; ) {
      try {
        post(server, NOTHING);
        refused++;
      } catch (IOException lost) {
        refused = 0;
      }
    }
  }

  private static HttpResponse<String> offeringUpgrade(
      PayaraServer server, String token, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.url("api/v1/ai/lmstudio/infer"))
            .headers("Authorization", "Bearer " + token)
            .headers("Content-Type", "application/json")
            .headers("Accept", "application/json, text/event-stream")
            .POST(body)
            .build();
    try (HttpClient offers = HttpClient.newHttpClient()) {
      return offers.send(request, BodyHandlers.ofString());
    }
  }

  @Test
  void containersErrors_haveOurForm(PayaraServer server) throws Exception {
    HttpResponse<String> api = get(server, NOTHING, "Authorization", "Bearer " + PayaraServer.BOB);
    assertThat(api.statusCode()).isEqualTo(404);
    assertThat(api.body()).startsWith("{\"status\":\"error\"");

    HttpResponse<String> page =
        get(server, "nothing", "Authorization", "Bearer " + PayaraServer.BOB);
    assertThat(page.statusCode()).isEqualTo(404);
    HttpResponse<String> hidden = get(server, "WEB-INF/web.xml");
    assertThat(hidden.statusCode()).isEqualTo(404);
    assertThat(page.body() + hidden.body()).contains("<h1>").doesNotContainIgnoringCase("payara");
    assertThat(header(hidden, "Content-Security-Policy")).isNotEmpty();
  }

  /** Nothing is served below /v1 yet, but clients of OpenAI's API are told in their own form. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "DELETE", "PROPFIND"})
  void unknownPathBelowV1_isToldAsOpenAiTellsIt(String method, PayaraServer server)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.url("v1/nothing"))
            .method(method, BodyPublishers.ofString("{}"));
    HttpResponse<String> anonymous = send(request.copy());
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.body()).contains("\"code\":\"invalid_api_key\"");

    HttpResponse<String> caller = send(request, "x-api-key", PayaraServer.BOB);
    assertThat(caller.statusCode()).isEqualTo(404);
    assertThat(header(caller, "Content-Type")).isEqualTo("application/json");
    assertThat(caller.body())
        .startsWith("{\"error\":{\"message\":")
        .endsWith("\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"unknown_url\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "FOO, api/v1/ai/lmstudio/models, 405",
    "TRACE, api/v1/ai/lmstudio/models, 405",
    "FOO, api/v1/ai/lmstudio/nothing, 404",
    "FOO, api/nothing, 404",
    "FOO, ai/lmstudio/demo, 405",
    "TRACE, ai/lmstudio/demo, 405",
    "FOO, login, 405",
    "TRACE, login, 405",
    "DELETE, js/sdk/client.js, 405",
    "FOO, js/sdk/client.js, 405",
    "FOO, js/sdk/nothing.js, 404",
    "FOO, nothing, 404",
    "FOO, health/live, 405",
    "TRACE, health/live, 405",
    "FOO, openapi, 405",
    "GET, logout, 405",
  })
  void methodThatNobodyTakes_is405OrTheAddressIsNot(
      String method, String path, int status, PayaraServer server) throws Exception {
    String answer = raw(server, method, path, "Authorization: Bearer " + PayaraServer.BOB);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status == 405) {
      assertThat(answer).containsIgnoringCase("\r\nAllow: ");
    }
  }

  /**
   * A proxy may have counted the body by one header and the server by the other. Payara itself
   * refuses this order. In the other one it removes the length, and the application cannot tell.
   */
  @Test
  void lengthAfterChunks_is400AndEndsTheConnection(PayaraServer server) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.baseUrl().getPort())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
              + "Content-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
      String request = head.formatted(server.url(NOTHING).getPath());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
    }
  }

  @Test
  void demoLink_opensASessionThatOnlyOurPagesCanUse(PayaraServer server) throws Exception {
    HttpResponse<String> link = get(server, "ai/lmstudio/demo?token=" + PayaraServer.ALICE);
    assertThat(link.statusCode()).isEqualTo(302);
    assertThat(header(link, "Location")).isEqualTo(server.baseUrl().getPath() + "ai/lmstudio/demo");
    assertThat(header(link, "Set-Cookie")).contains("HttpOnly", "SameSite=Strict");
    String cookie = header(link, "Set-Cookie").split(";")[0];

    HttpResponse<String> page = get(server, "ai/lmstudio/demo", "Cookie", cookie);
    assertThat(page.statusCode()).isEqualTo(200);
    // A person who has followed another caller's link must see whose session it is.
    assertThat(page.body()).contains("Signed in as</span> <strong>alice</strong>");
    assertThat(page.headers().allValues("Set-Cookie"))
        .allSatisfy(set -> assertThat(set).containsIgnoringCase("SameSite=Strict"));

    assertThat(post(server, NOTHING, "Cookie", cookie).statusCode()).isEqualTo(403);
    URI base = server.baseUrl();
    String origin = base.getScheme() + "://" + base.getAuthority();
    assertThat(post(server, NOTHING, "Cookie", cookie, "Origin", origin).statusCode())
        .isEqualTo(404);

    HttpResponse<String> out = post(server, "logout", "Cookie", cookie, "Origin", origin);
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(get(server, NOTHING, "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  private static HttpResponse<String> post(PayaraServer server, String path, String... headers)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(server.url(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}")),
        headers);
  }

  @Test
  void health_isOpenAndTellsLittle(PayaraServer server) throws Exception {
    HttpResponse<String> live = get(server, "health/live");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body())
        .isEqualTo(
            "{\"status\":\"UP\",\"checks\":[{\"name\":\"server\",\"status\":\"UP\",\"data\":{}}]}");
    assertThat(get(server, "health/started").statusCode()).isEqualTo(200);
    assertThat(get(server, "health/ready").body()).contains("\"name\":\"lm-studio\"");
    assertThat(get(server, "health/nothing").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {NOTHING, "v1/models", "login", "js", "js/sdk", "ai", "ai/lmstudio", "css"})
  void foreignHostName_is421(String path, PayaraServer server) throws Exception {
    String answer = raw(server, "GET", path, "Host: evil.example");
    assertThat(answer).startsWith("HTTP/1.1 421 ").contains("\r\nX-Request-Id: ");
  }

  /** The whole answer to a request as it stands. */
  private static String raw(PayaraServer server, String method, String path, String header)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.baseUrl().getPort())) {
      socket.setSoTimeout(10_000);
      String host = header.startsWith("Host:") ? "" : "Host: localhost\r\n";
      String request =
          "%s %s HTTP/1.1\r\n%s%s\r\nConnection: close\r\n\r\n"
              .formatted(method, server.url(path).getPath(), host, header);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void log_holdsNoToken(PayaraServer server) throws Exception {
    get(server, NOTHING, "Authorization", "Bearer " + PayaraServer.ADMIN);
    get(server, NOTHING, "Authorization", "Bearer canary-of-an-anonymous-caller");
    get(server, "ai/lmstudio/demo?token=" + PayaraServer.ADMIN);
    assertThat(server.log())
        .doesNotContain(PayaraServer.ADMIN, PayaraServer.ALICE, "canary-of-an-anonymous-caller");
  }
}
