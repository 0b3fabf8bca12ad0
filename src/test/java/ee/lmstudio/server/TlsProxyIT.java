package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.EventText;
import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the server through TLS, behind nginx with the configuration of
 * docs/operations/tls-proxy.md. The public name is {@code localhost}. nginx reaches the server at
 * 127.0.0.1, which is not an allowed name.
 */
@Timeout(120)
class TlsProxyIT {
  private static final String API = "/api/v1/ai/lmstudio/";
  private static final String DEMO = "/ai/lmstudio/demo";
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION = Api.chat("\"model\":\"m\",\"stream\":true");

  private static SocketSimulator lmStudio;
  private static Bundle server;
  private static PublicCertificate certificate;
  private static Nginx nginx;

  @BeforeAll
  static void start() throws Exception {
    Nginx.assumeInstalled();
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    server =
        Bundle.startSmall(
            Map.of(
                "LM_STUDIO_BASE_URL", lmStudio.url().toString(),
                "LM_STUDIO_TRUSTED_PROXIES", "127.0.0.1",
                "LM_STUDIO_ALLOWED_SERVER_NAMES", "localhost",
                "LM_STUDIO_KEEP_ALIVE", "400ms",
                "LM_STUDIO_ORPHAN_GRACE", "2s"));
    certificate = PublicCertificate.create();
    nginx = Nginx.start(server.port(), certificate);
  }

  @AfterAll
  static void stop() throws Exception {
    if (lmStudio != null) {
      lmStudio.close();
    }
    if (server != null) {
      server.close();
    }
    if (nginx != null) {
      nginx.close();
    }
  }

  @BeforeEach
  void forgetWhatEarlierTestsLeft() throws InterruptedException {
    lmStudio.forgetScripts();
    while (lmStudio.awaitStall(Duration.ZERO)) {}
    while (lmStudio.awaitStreamClosedByClient(Duration.ZERO)) {}
  }

  private static HttpClient.Builder client() throws Exception {
    return HttpClient.newBuilder().sslContext(certificate.trusted());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return sendFrom("127.0.0.1", request);
  }

  private static HttpResponse<String> sendFrom(String address, HttpRequest.Builder request)
      throws Exception {
    try (HttpClient from = client().localAddress(InetAddress.getByName(address)).build()) {
      return from.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(nginx.url(path)).timeout(Api.LIMIT);
  }

  private static HttpRequest.Builder alice(String path) {
    return get(path).header("Authorization", "Bearer " + PayaraServer.ALICE);
  }

  private static HttpRequest.Builder asking(String path, String body) {
    return alice(path)
        .header("Content-Type", Api.JSON)
        .header("Accept", Api.EVENTS + ", " + Api.JSON)
        .POST(BodyPublishers.ofString(body));
  }

  private static String session() throws Exception {
    HttpResponse<String> link = send(get(DEMO + "?token=" + PayaraServer.ALICE));
    assertThat(link.statusCode()).isEqualTo(302);
    return Api.header(link, "Set-Cookie").split(";")[0];
  }

  private static void assertEveryCookieIsSecure(HttpResponse<?> response) {
    assertThat(response.headers().allValues("Set-Cookie"))
        .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly", "Secure", "SameSite=Strict"));
  }

  /** Returns the address to which this answer sends a browser. */
  private static URI destination(HttpResponse<?> response) {
    return response.uri().resolve(Api.header(response, "Location"));
  }

  @Test
  void signInByForm_opensASecureSessionAtThePublicAddress() throws Exception {
    HttpResponse<String> root = send(get("/"));
    assertThat(destination(root)).isEqualTo(nginx.url("/login"));
    HttpResponse<String> page = send(get("/login"));
    assertThat(page.version()).isEqualTo(Version.HTTP_2);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("action=\"/login\"").doesNotContain("http://localhost");
    assertThat(Api.header(page, "Strict-Transport-Security")).isNotEmpty();
    assertEveryCookieIsSecure(page);

    HttpResponse<String> signedIn =
        send(
            get("/login")
                .header("Origin", nginx.origin())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Api.SIGN_IN + PayaraServer.ALICE)));
    assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(303);
    assertThat(destination(signedIn)).isEqualTo(nginx.url(DEMO));
    assertThat(Api.header(signedIn, "Set-Cookie")).startsWith("lmstudio_session=");
    assertEveryCookieIsSecure(signedIn);

    String cookie = Api.header(signedIn, "Set-Cookie").split(";")[0];
    HttpResponse<String> demo = send(get(DEMO).header("Cookie", cookie));
    assertThat(demo.statusCode()).isEqualTo(200);
    assertEveryCookieIsSecure(demo);
  }

  @Test
  void signInByLink_losesTheTokenAndStaysAtThePublicAddress() throws Exception {
    HttpResponse<String> link = send(get(DEMO + "?model=m&token=" + PayaraServer.ALICE));
    assertThat(link.statusCode()).isEqualTo(302);
    assertThat(destination(link)).isEqualTo(nginx.url(DEMO + "?model=m"));
    assertThat(Api.header(link, "Set-Cookie")).startsWith("lmstudio_session=");
    assertEveryCookieIsSecure(link);
  }

  /**
   * The public address with http instead of https is another origin, and so is the server's own
   * address.
   */
  @Test
  void postWithASession_isAcceptedFromThePublicOriginOnly() throws Exception {
    String cookie = session();
    Supplier<HttpRequest.Builder> post =
        () ->
            get(API + "infer")
                .header("Cookie", cookie)
                .header("Content-Type", Api.JSON)
                .POST(BodyPublishers.ofString(Api.chat("\"stream\":false")));
    HttpResponse<String> own = send(post.get().header("Origin", nginx.origin()));
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    HttpResponse<String> told = send(post.get().header("Sec-Fetch-Site", "same-origin"));
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    for (String origin :
        List.of(
            "http://localhost:" + nginx.port(),
            "https://localhost",
            "http://127.0.0.1:" + server.port(),
            "https://evil.example")) {
      assertThat(send(post.get().header("Origin", origin)).statusCode()).as(origin).isEqualTo(403);
    }
    assertThat(send(post.get()).statusCode()).isEqualTo(403);
    HttpResponse<String> out =
        send(
            get("/logout")
                .header("Cookie", cookie)
                .header("Origin", nginx.origin())
                .POST(BodyPublishers.noBody()));
    assertThat(destination(out)).isEqualTo(nginx.url("/login"));
    assertEveryCookieIsSecure(out);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1, /api/v1/ai/lmstudio/infer",
    "HTTP_2, /api/v1/ai/lmstudio/infer",
    "HTTP_1_1, /v1/chat/completions",
    "HTTP_2, /v1/chat/completions",
  })
  void events_arriveOneByOne(Version version, String path) throws Exception {
    Script script = Script.respondWithEvents(Chunks.text("one"));
    script.thenStall().body(Chunks.text("two")).thenStall().body(Chunks.end());
    lmStudio.enqueue(CHAT, script);
    try (HttpClient browser = client().version(version).build()) {
      HttpResponse<InputStream> response =
          browser.send(asking(path, QUESTION).build(), BodyHandlers.ofInputStream());
      assertThat(response.version()).isEqualTo(version);
      assertThat(Api.header(response, "Content-Type")).startsWith(Api.EVENTS);
      assertThat(response.headers().map()).doesNotContainKey("content-encoding");
      // LM Studio sends the rest of the answer only after the client has received the part before.
      StringBuilder read = new StringBuilder();
      readUntil(response, read, "\"content\":\"one\"");
      lmStudio.release();
      readUntil(response, read, "\"content\":\"two\"");
      lmStudio.release();
      read.append(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
      assertThat(read).contains(path.equals(CHAT) ? "[DONE]" : "event: completed");
    }
  }

  private static void readUntil(
      HttpResponse<InputStream> response, StringBuilder read, String wanted) throws Exception {
    byte[] some = new byte[8192];
    while (read.indexOf(wanted) < 0) {
      int count = response.body().read(some);
      assertThat(count).as("%s after %s", wanted, read).isPositive();
      read.append(new String(some, 0, count, StandardCharsets.UTF_8));
    }
  }

  @Test
  void lostConnection_isResumedByLocationAndLastEventId() throws Exception {
    lmStudio.enqueue(
        CHAT,
        Script.respondWithEvents(Chunks.text("one"))
            .thenStall()
            .body(Chunks.text(" two") + Chunks.end()));
    StringBuilder read = new StringBuilder();
    URI stream;
    try (HttpClient browser = client().version(Version.HTTP_1_1).build()) {
      HttpResponse<InputStream> response =
          browser.send(asking(API + "infer", QUESTION).build(), BodyHandlers.ofInputStream());
      stream = destination(response);
      assertThat(stream.toString()).startsWith(nginx.url(API + "streams/").toString());
      readUntil(response, read, "\"content\":\"one\"");
      readUntil(response, read, "}\n\n");
      response.body().close();
    }
    lmStudio.release();
    List<Event> first = EventText.events(read.substring(0, read.lastIndexOf("}\n\n") + 3));
    int last = first.getLast().id();

    HttpRequest.Builder resume = alice(stream.getPath()).header("Accept", Api.EVENTS);
    HttpResponse<String> rest = send(resume.header("Last-Event-ID", "" + last));

    List<Event> others = EventText.events(rest.body());
    assertThat(others.getFirst().id()).isEqualTo(last + 1);
    assertThat(EventText.shown(first) + EventText.shown(others)).isEqualTo("one two");
    assertThat(others.getLast().name()).isEqualTo("completed");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void clientThatLeaves_endsTheGeneration(Version version) throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithEvents(Chunks.text("one")).thenStall());
    try (HttpClient browser = client().version(version).build()) {
      HttpResponse<InputStream> response =
          browser.send(asking(CHAT, QUESTION).build(), BodyHandlers.ofInputStream());
      readUntil(response, new StringBuilder(), "\"content\":\"one\"");
      response.body().close();
      assertThat(lmStudio.awaitStreamClosedByClient(Api.LIMIT)).isTrue();
    }
  }

  /** The server writes nothing to such a client, so no failed write shows that it has left. */
  @ParameterizedTest
  @ValueSource(strings = {API + "infer", CHAT})
  void clientThatLeavesBeforeTheWholeAnswer_endsTheGeneration(String path) throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithEvents(Chunks.text("one")).thenStall());
    HttpRequest request = asking(path, Api.chat("\"stream\":false")).build();
    try (HttpClient browser = client().version(Version.HTTP_1_1).build()) {
      var answer = browser.sendAsync(request, BodyHandlers.ofString());
      assertThat(lmStudio.awaitStall(Api.LIMIT)).isTrue();
      assertThat(answer).isNotDone();
      browser.shutdownNow();
      assertThat(lmStudio.awaitStreamClosedByClient(Api.LIMIT)).isTrue();
    }
  }

  /** Whatever a client sends in X-Forwarded-For, nginx replaces it with the client's address. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 is an address on Linux only")
  void failedSignIns_countForTheAddressThatNginxSees() throws Exception {
    String stranger = "127.0.0.2";
    for (int i = 0; i < 10; i++) {
      assertThat(wrongToken(stranger, "198.51.100." + i).statusCode()).isEqualTo(401);
    }
    HttpResponse<String> limited = wrongToken(stranger, "198.51.100.99");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(Api.header(limited, "Retry-After")).isNotEmpty();
    assertThat(wrongToken("127.0.0.3", stranger).statusCode()).isEqualTo(401);
    HttpResponse<String> other = sendFrom("127.0.0.3", alice("/v1/models"));
    assertThat(other.statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> wrongToken(String address, String forged) throws Exception {
    return sendFrom(
        address,
        get("/v1/models")
            .header("Authorization", "Bearer of-nobody")
            .header("X-Forwarded-For", forged)
            .header("Forwarded", "for=" + forged));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 is an address on Linux only")
  void clientThatBypassesTheProxy_isNotBelieved() throws Exception {
    URI direct = URI.create("http://localhost:" + server.port() + DEMO);
    HttpResponse<String> link =
        sendFrom(
            "127.0.0.4",
            HttpRequest.newBuilder(URI.create(direct + "?token=" + PayaraServer.ALICE))
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "evil.example"));
    assertThat(link.statusCode()).isEqualTo(302);
    assertThat(Api.header(link, "Set-Cookie")).doesNotContain("Secure");
    HttpRequest.Builder foreign =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + DEMO))
            .header("X-Forwarded-Host", "localhost");
    assertThat(sendFrom("127.0.0.4", foreign).statusCode()).isEqualTo(421);
  }

  @Test
  void hostCheck_readsTheNameThatTheClientUsed() throws Exception {
    assertThat(send(get("/health/live")).statusCode()).isEqualTo(200);
    for (String path : List.of("/health/live", "/login", "/v1/models", API + "models")) {
      URI foreign = URI.create("https://127.0.0.1:" + nginx.port() + path);
      HttpResponse<String> refused =
          send(HttpRequest.newBuilder(foreign).header("X-Forwarded-Host", "localhost"));
      assertThat(refused.statusCode()).as(path).isEqualTo(421);
    }
  }

  @Test
  void anotherContextRoot_isInEveryAddress() throws Exception {
    try (PayaraServer office =
            PayaraServer.builder()
                .contextRoot("office")
                .config("lm-studio.trusted-proxies", "127.0.0.1")
                .config("lm-studio.allowed-server-names", "localhost")
                .start();
        Nginx front = Nginx.start(office.baseUrl().getPort(), certificate)) {
      HttpRequest.Builder link =
          HttpRequest.newBuilder(front.url("/office" + DEMO + "?token=" + PayaraServer.ALICE));
      HttpResponse<String> signedIn = send(link);
      assertThat(destination(signedIn)).isEqualTo(front.url("/office" + DEMO));
      assertThat(Api.header(signedIn, "Set-Cookie")).contains("; Path=/office;", "; Secure");
      for (String path : List.of("/office", "/office/", "/office" + DEMO)) {
        HttpResponse<String> anonymous = send(HttpRequest.newBuilder(front.url(path)));
        assertThat(anonymous.statusCode()).as(path).isIn(301, 302);
        assertThat(destination(anonymous).toString()).startsWith(front.url("/office/").toString());
      }
      HttpRequest.Builder asking =
          HttpRequest.newBuilder(front.url("/office" + API + "infer"))
              .header("Cookie", Api.header(signedIn, "Set-Cookie").split(";")[0])
              .header("Origin", front.origin())
              .header("Content-Type", Api.JSON)
              .POST(BodyPublishers.ofString(Api.chat("\"max_tokens\":2")));
      HttpResponse<String> events = send(asking.header("Accept", Api.EVENTS));
      assertThat(events.body()).contains("event: completed");
      assertThat(destination(events).toString())
          .startsWith(front.url("/office" + API + "streams/").toString());
    }
  }
}
