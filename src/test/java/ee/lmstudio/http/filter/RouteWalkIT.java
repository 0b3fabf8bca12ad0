package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.api.ApiApplication;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wiremock.com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * Walks all routes with every method: without a token, with a wrong token, and signed in. The
 * server is one of its own, because it must trust the test as a proxy: each wrong token comes from
 * another address, so that the limit of failed sign-ins is not reached before the end of the walk.
 */
@Timeout(120)
class RouteWalkIT {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** Paths that no row and no document names: pages, their files, and paths of other products. */
  private static final List<String> MORE =
      List.of(
          "/index.xhtml",
          "/login.xhtml",
          RouteTable.DEMO,
          RouteTable.DEMO + ".xhtml",
          "/ai",
          "/ai/lmstudio",
          "/error",
          "/faces/login.xhtml",
          "/WEB-INF/web.xml",
          "/META-INF/MANIFEST.MF",
          "/js/sdk/client.js",
          "/css/base.css",
          "/js/vendor/lit-html.js",
          "/css/vendor/katex.css",
          "/health/live",
          "/health/ready",
          "/simulator/v1/chat/completions",
          "/v1/models",
          "/v1/models/a/b",
          "/v1/chat/completions",
          "/v1/completions",
          "/v1/embeddings",
          "/v1/responses",
          "/v1/messages",
          "/v1/audio/speech",
          "/v1/streams/00112233445566778899aabbccddeeff",
          RouteTable.LM_STUDIO_API + "/models/load",
          RouteTable.API_ROOT + "/application.wadl");

  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin");

  private static final Pattern STACK_TRACE =
      Pattern.compile(
          "\\bat [\\w.$/]+\\([\\w ]+\\.java|Caused by:|\\b(?:java|ee\\.lmstudio)\\.\\w+\\.");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static SocketSimulator lmStudio;
  private static PayaraServer server;
  private static int addresses;

  @BeforeAll
  static void start() {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults());
    server =
        PayaraServer.builder()
            .config("lm-studio.simulator", null)
            .config("lm-studio.base-url", lmStudio.url().toString())
            .config("lm-studio.trusted-proxies", "127.0.0.1")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
    lmStudio.close();
  }

  /** One answer of a walk. */
  private record Step(String method, String path, HttpResponse<String> answer) {
    Route route() {
      return RouteTable.find(path);
    }

    /** While the simulator is off, its paths need sign-in as well. */
    boolean isOpen() {
      return Set.of(Route.Access.OPEN, Route.Access.FILES).contains(route().access());
    }

    String header(String name) {
      return answer.headers().firstValue(name).orElse("");
    }

    @Override
    public String toString() {
      return "%s %s: %d ".formatted(method, path, answer.statusCode());
    }
  }

  private static Set<String> paths() {
    Set<String> all = new TreeSet<>(MORE);
    for (Route row : RouteTable.rows()) {
      all.add(row.path().isEmpty() ? "/" : row.path());
      if (row.coversBelow()) {
        all.add(row.path() + "/there-is-nothing-here");
      }
    }
    try (InputStream in = ApiApplication.class.getResourceAsStream("openapi.yaml")) {
      new YAMLMapper()
          .readTree(in)
          .get("paths")
          .fieldNames()
          .forEachRemaining(path -> all.add(path.replaceAll("\\{\\w+}", "00112233445566778899aa")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static List<Step> walk(List<String> methods, String... headers) throws Exception {
    List<Step> steps = new ArrayList<>();
    for (String path : paths()) {
      for (String method : methods) {
        steps.add(step(method, path, headers));
      }
    }
    assertThat(steps).hasSizeGreaterThan(40 * methods.size());
    return steps;
  }

  private static Step step(String method, String path, String... headers) throws Exception {
    boolean sends = Set.of("POST", "PUT", "PATCH").contains(method);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.url(path.substring(1)))
            .method(method, sends ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
    if (sends) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    addresses++;
    request.header("X-Forwarded-For", "10.1.%d.%d".formatted(addresses / 250, addresses % 250));
    return new Step(method, path, CLIENT.send(request.build(), BodyHandlers.ofString()));
  }

  @Test
  void withoutToken_onlyOpenRoutesAnswer() throws Exception {
    isRefusedWhereSignInIsNeeded(walk(METHODS));
  }

  @Test
  void withWrongToken_onlyOpenRoutesAnswer() throws Exception {
    isRefusedWhereSignInIsNeeded(walk(METHODS, "Authorization", "Bearer of-nobody"));
    isRefusedWhereSignInIsNeeded(walk(METHODS, "x-api-key", "of-nobody"));
  }

  /** The query is a place for a token in the link of the demo page only, and only with GET. */
  @Test
  void withTokenInTheQuery_noApiAnswers() throws Exception {
    for (String method : METHODS) {
      String path = RouteTable.LM_STUDIO_API + "/models?token=" + PayaraServer.ALICE;
      assertThat(step(method, path).answer().statusCode()).as(method).isEqualTo(401);
    }
  }

  private static void isRefusedWhereSignInIsNeeded(List<Step> steps) {
    long posted = posts();
    SoftAssertions softly = new SoftAssertions();
    for (Step step : steps) {
      hasAllHeadersAndTellsNothing(softly, step);
      isRefusedIfSignInIsNeeded(softly, step);
    }
    softly.assertAll();
    assertThat(posts()).as("nothing was sent to LM Studio").isEqualTo(posted);
  }

  private static void isRefusedIfSignInIsNeeded(SoftAssertions softly, Step step) {
    int status = step.answer().statusCode();
    if (step.path().contains("-INF/")) {
      // The container itself denies that there is such a directory.
      softly.assertThat(status).as(step.toString()).isEqualTo(404);
    } else if (step.isOpen()) {
      softly.assertThat(status).as(step.toString()).isIn(200, 400, 404, 405, 415);
    } else if (step.route().errors() == Route.ErrorFormat.PAGE) {
      softly.assertThat(status).as(step.toString()).isIn(302, 303);
      String login = server.baseUrl().getPath() + "login";
      softly.assertThat(step.header("Location")).as(step.toString()).isEqualTo(login);
    } else {
      softly.assertThat(status).as(step.toString()).isEqualTo(401);
      softly.assertThat(step.header("WWW-Authenticate")).as(step.toString()).isEqualTo("Bearer");
      softly
          .assertThat(step.header("Content-Type"))
          .as(step.toString())
          .isEqualTo("application/json");
    }
    softly
        .assertThat(step.header("Set-Cookie"))
        .as(step.toString())
        .doesNotContain("lmstudio_session");
  }

  @Test
  void signedIn_everyAnswerHasAllHeaders() throws Exception {
    List<Step> steps = walk(METHODS, "Authorization", "Bearer " + PayaraServer.ALICE);
    SoftAssertions softly = new SoftAssertions();
    steps.forEach(step -> hasAllHeadersAndTellsNothing(softly, step));
    softly.assertAll();
    assertThat(steps.stream().map(step -> step.answer().statusCode()).distinct())
        .as("the walk has seen answers and errors")
        .contains(200, 404, 405, 422)
        .doesNotContain(401, 500);
  }

  /** Links, images, crawlers and other web sites make browsers send GET. */
  @Test
  void readingMethods_neverGenerate() throws Exception {
    long posted = posts();
    String query = "?model=sim-chat&prompt=Hi&stream=true";
    List<Step> steps = new ArrayList<>();
    for (String path : paths()) {
      for (String method : List.of("GET", "HEAD", "OPTIONS")) {
        steps.add(step(method, path + query, "x-api-key", PayaraServer.ALICE));
      }
    }
    assertThat(steps.stream().map(step -> step.answer().statusCode()).distinct())
        .contains(200, 405);
    assertThat(step("GET", RouteTable.LM_STUDIO_API + "/streams", "x-api-key", PayaraServer.ALICE))
        .satisfies(step -> assertThat(step.answer().body()).contains("\"data\":[]"));
    assertThat(posts()).isEqualTo(posted);
  }

  /** Failures on all routes are counted together. */
  @Test
  void wrongTokensOfOneAddressOnManyRoutes_areSlowedDown() throws Exception {
    List<Integer> told = new ArrayList<>();
    for (String path : List.of("/api", "/v1", "/metrics", "/openapi", "/api/x", "/v1/models")) {
      for (String method : List.of("GET", "DELETE")) {
        HttpRequest guess =
            HttpRequest.newBuilder(server.url(path.substring(1)))
                .method(method, BodyPublishers.noBody())
                .headers("x-api-key", "of-nobody", "X-Forwarded-For", "192.0.2.77")
                .build();
        told.add(CLIENT.send(guess, BodyHandlers.ofString()).statusCode());
      }
    }
    assertThat(told.subList(0, 10)).containsOnly(401);
    assertThat(told.subList(10, 12)).containsOnly(429);
  }

  private static long posts() {
    return lmStudio.requests().stream().filter(sent -> sent.method().equals("POST")).count();
  }

  private static void hasAllHeadersAndTellsNothing(SoftAssertions softly, Step step) {
    String what = step.toString();
    softly.assertThat(step.header("Server") + step.header("X-Powered-By")).as(what).isEmpty();
    softly
        .assertThat(step.header("Content-Security-Policy"))
        .as(what)
        .startsWith("default-src 'none'; script-src 'self'; ")
        .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "*");
    HEADERS.forEach(
        (name, value) -> softly.assertThat(step.header(name)).as(name + what).isEqualTo(value));
    softly.assertThat(step.header("X-Request-Id")).as(what).matches("[A-Za-z0-9._-]{1,64}");
    softly.assertThat(step.header("Cache-Control")).as(what).isIn("no-store", "no-cache");
    softly.assertThat(step.answer().body()).as(what).doesNotContainPattern(STACK_TRACE);
    softly
        .assertThat(step.answer().body())
        .as(what)
        .doesNotContainPattern("(?i)payara|glassfish|grizzly|jersey");
  }
}
