package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.ServerUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that arrive late, in pieces or never, at the packaged server with 512 MiB of heap. */
@Timeout(120)
class SlowBodiesIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final int CONNECTIONS = 250;
  private static final int SAMPLES = 15;
  private static final int LIMIT_MILLIS = 30_000;
  private static final String INFER = "api/v1/ai/lmstudio/infer";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ASK = "{\"prompt\":\"%s\",\"stream\":false,\"max_tokens\":1}";
  private static final String SHORT = ASK.formatted("x");
  private static final Pattern HASH = Pattern.compile("\"prompt_hash\":\"([^\"]+)\"");

  private static Bundle bundle;

  @BeforeAll
  static void start() throws Exception {
    bundle = Bundle.startSmall();
    assertThat(send(models()).statusCode()).isEqualTo(200);
    signIn();
  }

  @AfterAll
  static void stop() {
    bundle.close();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(bundle.url(path)).timeout(Duration.ofSeconds(30));
  }

  private static HttpRequest.Builder models() {
    return request("api/v1/ai/lmstudio/models")
        .header("Authorization", "Bearer " + PayaraServer.BOB);
  }

  private static HttpRequest.Builder form(String body) {
    return request("login").header("Content-Type", FORM).POST(BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> signIn() throws IOException, InterruptedException {
    HttpResponse<String> response = send(form(Api.SIGN_IN + PayaraServer.BOB));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
    assertThat(response.headers().firstValue("Set-Cookie")).isPresent();
    return response;
  }

  /** The beginning of a request of Alice's, with the headers that say how long its body is. */
  private static String head(String version, String length) {
    return "POST /%s HTTP/%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            .formatted(INFER, version, PayaraServer.ALICE)
        + "Accept: application/json\r\nContent-Type: application/json\r\n%s\r\n\r\n"
            .formatted(length);
  }

  private static String length(String body) {
    return "Content-Length: " + body.length();
  }

  /** A client that decides itself when it sends what. */
  private record Client(Socket socket) implements AutoCloseable {
    static Client open() throws IOException {
      Socket socket = new Socket("127.0.0.1", bundle.port());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LIMIT_MILLIS);
      return new Client(socket);
    }

    Client send(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return this;
    }

    Client sendByteByByte(String bytes) throws IOException {
      for (byte one : bytes.getBytes(ISO_8859_1)) {
        socket.getOutputStream().write(one);
      }
      return this;
    }

    /** Reads up to and with a text. */
    String readTo(String end) throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf(end, answer.length() - end.length()) < 0) {
        int next = in.read();
        assertThat(next).as("the connection ended after: %s", answer).isNotNegative();
        answer.append((char) next);
      }
      return answer.toString();
    }

    String readAll() throws IOException {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  /** A call that waited for a body of somebody else would take the whole time limit of a body. */
  private static void assertWaitsForNobody(String what, Call call) throws Exception {
    long[] millis = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long begun = System.nanoTime();
      call.run();
      millis[i] = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }
    String times = what + " took " + Arrays.toString(millis) + " ms";
    assertThat(Arrays.stream(millis).max().orElseThrow()).as(times).isLessThan(LIMIT_MILLIS / 3);
  }

  private static void assertOthersNoticeNothing() throws Exception {
    assertWaitsForNobody(
        "liveness", () -> assertThat(send(request("health/live")).statusCode()).isEqualTo(200));
    assertWaitsForNobody("models", () -> assertThat(send(models()).statusCode()).isEqualTo(200));
    assertWaitsForNobody("sign-in", SlowBodiesIT::signIn);
  }

  @Test
  void halfBodiesOfOneCaller_disturbNobody() throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(Client.open().send(head("1.1", "Content-Length: 2000") + "{\"prompt\":\""));
      }
      assertOthersNoticeNothing();
      assertThat(clients.getLast().readTo("}}"))
          .startsWith("HTTP/1.1 429 ")
          .contains("\"rate_limited\"", "Retry-After: 1\r\n");
      // Within the limit, but they never send the rest.
      assertThat(clients.getFirst().readTo("}}"))
          .startsWith("HTTP/1.1 408 ")
          .contains("\"request_timeout\"", "Connection: close\r\n");
      assertThat(clients.getFirst().readAll()).as("then it is closed").isEmpty();
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void drippingStrangers_leaveRoomForAnHonestSignIn() throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(
            Client.open()
                .send("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + FORM + "\r\n")
                .send("Content-Length: 2000\r\n\r\nlogin"));
      }
      assertOthersNoticeNothing();
      assertThat(clients.getFirst().readTo("</html>")).startsWith("HTTP/1.1 503 ");
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void slowHonestBody_arrivesWhole() throws Exception {
    String body = ASK.formatted("0123456789 slow ".repeat(100));
    HttpResponse<String> atOnce =
        send(
            request(INFER)
                .header("Authorization", "Bearer " + PayaraServer.ALICE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body)));
    try (Client client = Client.open()) {
      client.send(head("1.1", length(body))).sendByteByByte(body);
      assertThat(hash(client.readTo("}}"))).isEqualTo(hash(atOnce.body()));
    }
    try (Client client = Client.open()) {
      client.send(head("1.1", "Transfer-Encoding: chunked"));
      for (String piece : body.split("(?<=\\G.{7})")) {
        client.sendByteByByte("%x\r\n%s\r\n".formatted(piece.length(), piece));
      }
      assertThat(hash(client.send("0\r\n\r\n").readTo("}}"))).isEqualTo(hash(atOnce.body()));
    }
  }

  private static String hash(String answer) {
    Matcher hash = HASH.matcher(answer);
    assertThat(hash.find()).as(answer).isTrue();
    return hash.group(1);
  }

  /** The container dispatches a request whose body came later, and decodes its path once more. */
  @ParameterizedTest
  @ValueSource(strings = {"inf%65r", "infe%2572", "infer%3Fx", "%2e%2e/infer", "/infer", "a+b%20c"})
  void unusualPath_isAnsweredAlikeWheneverTheBodyComes(String path) throws Exception {
    String head = head("1.1", length(SHORT)).replace("/infer ", "/" + path + " ");
    try (Client atOnce = Client.open();
        Client later = Client.open()) {
      String answer = atOnce.send(head + SHORT).readTo("}}");
      assertThat(head).contains(path);
      assertThat(later.send(head).sendByteByByte(SHORT).readTo("}}").substring(0, 20))
          .isEqualTo(answer.substring(0, 20));
    }
  }

  @Test
  void largeBody_arrivesWhole() throws Exception {
    String body = "{\"first\":\"" + "x".repeat(RequestBodies.LARGE) + "\",\"last\":1}";
    try (Client client = Client.open()) {
      String answer = client.send(head("1.1", length(body))).send(body).readTo("}}");
      assertThat(answer).startsWith("HTTP/1.1 422 ").contains("\"first\"", "\"last\"");
    }
  }

  @Test
  void expectation_isMetBeforeTheBodyIsSent() throws Exception {
    try (Client client = Client.open()) {
      client.send(head("1.1", length(SHORT) + "\r\nExpect: 100-continue"));
      assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      assertThat(client.send(SHORT).readTo("}}")).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Payara answers the same requests with a bare status if their bodies come later. */
  @ParameterizedTest
  @CsvSource({
    "/api/v1/ai/lmstudio/infer, application/json;q=x, 400, malformed_request",
    "/nothing, text/html, 404, There is no resource at this path."
  })
  void errorOfTheContainerAfterALateBody_isInOurForm(
      String path, String accept, int status, String text) throws Exception {
    try (Client client = Client.open()) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                  .formatted(path, PayaraServer.ALICE)
              + "Accept: %s\r\nContent-Type: application/json\r\n%s\r\n"
                  .formatted(accept, length(SHORT))
              + "Expect: 100-continue\r\nConnection: close\r\n\r\n");
      assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      assertThat(client.send(SHORT).readAll())
          .startsWith("HTTP/1.1 " + status + " ")
          .contains(text);
    }
  }

  /** The container looks for the conversation of a page when the headers come, not afterwards. */
  @ParameterizedTest
  @CsvSource({
    "/login, login=login&jakarta.faces.ViewState=12:34, 400, The page that sent this request",
    "/login?cid=1, login=login&jakarta.faces.ViewState=stateless, 200, Sign in"
  })
  void lateFormOfAnUnknownPage_getsOneWholePage(String path, String body, int status, String text)
      throws Exception {
    try (Client client = Client.open()) {
      client.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n"
                  .formatted(path, FORM, length(body))
              + "Expect: 100-continue\r\nConnection: close\r\n\r\n");
      assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      String answer = client.send(body).readAll();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(text);
      String page = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(answer).contains("Content-Length: " + page.getBytes(UTF_8).length + "\r\n");
      assertThat(page).containsOnlyOnce("</html>");
    }
  }

  @Test
  void requestBehindABody_isAnsweredAfterIt() throws Exception {
    try (Client client = Client.open()) {
      client.send(head("1.1", length(SHORT))).send(SHORT.substring(0, 9));
      client.send(SHORT.substring(9) + "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.readTo("}}")).startsWith("HTTP/1.1 200 ").contains("prompt_hash");
      assertThat(client.readTo("]}")).contains("HTTP/1.1 200 ").endsWith("\"data\":{}}]}");
    }
  }

  @Test
  void clientOfHttp10_isAnswered() throws Exception {
    try (Client client = Client.open()) {
      client.send(head("1.0", length(SHORT))).send(SHORT);
      assertThat(client.readAll()).contains(" 200 ", "prompt_hash");
    }
  }

  @Test
  void clientsThatVanishInMidBody_leaveNothing() throws Exception {
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Client client = Client.open()) {
        client.send(head("1.1", "Content-Length: 2000") + "{\"prompt\":\"");
        client.socket().setSoLinger(i % 2 == 0, 0);
      }
    }
    long end = System.nanoTime() + Duration.ofMillis(LIMIT_MILLIS).toNanos();
    String left = left();
    while (!left.isEmpty()) {
      assertThat(System.nanoTime()).as(left).isLessThan(end);
      left = left();
    }
  }

  /** The objects of unfinished bodies that are still in use. */
  private static String left() throws Exception {
    return String.join(
        "\n",
        ServerUsage.histogram(bundle.pid())
            .lines()
            .filter(line -> line.matches(".*\\.body\\.(ArrivingBody|BodyExchange|BodyBuffer)$"))
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "login=login&jakarta.faces.ViewState=12:34, 400",
    "a=%zz, 400",
    "a=%ff, 400",
    "parameters, 413"
  })
  void formThatIsNotValid_isTheClientsFaultAndLogged(String body, int status) throws Exception {
    String sent = body.equals("parameters") ? "a=1&".repeat(10_000) : body;
    assertRefusedAndLogged(form(sent), status);
  }

  @Test
  void conversationThatDoesNotExist_isTheClientsFaultAndLogged() throws Exception {
    assertRefusedAndLogged(request("login?cid=1"), 400);
  }

  private static void assertRefusedAndLogged(HttpRequest.Builder request, int status)
      throws Exception {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Security-Policy")).isPresent();
    String id = response.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(response.body()).contains(id);
    assertThat(bundle.awaitLineWith("Request " + id + " was refused: ")).isTrue();
  }
}
