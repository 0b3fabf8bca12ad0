package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.access.Caller;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.sdk.Secret;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFilterTest {
  private static final String INFER = "/api/v1/ai/lmstudio/infer";
  private final Gate gate = Gate.withTokens();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/login",
        "/health",
        "/health/ready",
        "/js/sdk/client.js",
        "/css/page.css",
        "/jakarta.faces.resource/x.css",
        "/favicon.ico",
      })
  void openPath_passesAnonymousCallers(String path) {
    gate.send(FakeHttp.get(path));
    assertThat(gate.passed).isNotNull();
    assertThat(gate.passed.getUserPrincipal()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        INFER,
        "/api/v1/ai/lmstudio/streams/1",
        "/openapi",
        "/metrics",
        "/metrics/base",
        "/simulator/v1/models",
      })
  void api_answersAnonymousCallersWithEnvelope(String path) {
    FakeHttp http = gate.send(FakeHttp.get(path));
    assertThat(gate.passed).isNull();
    assertThat(http.status).isEqualTo(401);
    assertThat(http.answer("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(http.answer("Content-Type")).isEqualTo("application/json");
    assertThat(http.text())
        .startsWith("{\"status\":\"error\",\"error\":{\"code\":\"unauthenticated\"");
  }

  @Test
  void openAiApi_answersAnonymousCallersWithItsOwnError() {
    FakeHttp http = gate.send(FakeHttp.post("/v1/chat/completions").bearer("wrong"));
    assertThat(http.status).isEqualTo(401);
    assertThat(http.text()).startsWith("{\"error\":{").contains("\"code\":\"invalid_api_key\"");
  }

  @Test
  void closedGate_admitsItsOwnCallerToTheApi_andAllCallersToPages() {
    AccessToken own = gate.access.tokens.createOwn("(warm-up)");
    gate.gate.admitOnly(own.name());

    FakeHttp ann = gate.send(FakeHttp.post(INFER).bearer(Gate.ANN));
    assertThat(gate.passed).isNull();
    assertThat(ann.status).isEqualTo(503);
    assertThat(ann.answer("Retry-After")).isEqualTo("1");
    assertThat(ann.text()).contains("\"code\":\"overloaded\"", "/health/ready");
    assertThat(gate.send(FakeHttp.post(INFER).bearer("wrong")).status).isEqualTo(401);

    gate.send(FakeHttp.get("/ai/lmstudio/demo").bearer(Gate.ANN));
    assertThat(gate.passed).isNotNull();
    gate.send(FakeHttp.post(INFER).bearer(own.token().reveal()));
    assertThat(gate.passed.getUserPrincipal()).isEqualTo(new Caller("(warm-up)", false));

    gate.access.tokens.revokeOwn();
    gate.gate.admitAll();
    assertThat(gate.send(FakeHttp.post(INFER).bearer(own.token().reveal())).status).isEqualTo(401);
    gate.send(FakeHttp.post(INFER).bearer(Gate.ANN));
    assertThat(gate.passed).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/ai/lmstudio/demo", "/nix", "/healthy", "/jsx", "/login.xhtml", "/js/.."})
  void page_sendsAnonymousCallersToLogin(String path) {
    FakeHttp http = FakeHttp.get(path);
    http.context = "/app";
    gate.send(http);
    assertThat(gate.passed).isNull();
    assertThat(http.status).isEqualTo(302);
    assertThat(http.answer("Location")).isEqualTo("/app/login");
  }

  @Test
  void rightToken_passesWithItsCaller() {
    gate.send(FakeHttp.post(INFER).bearer(Gate.ANN));
    assertThat(gate.caller()).isEqualTo(new Caller("ann", false));
    assertThat(gate.passed.isUserInRole("admin")).isFalse();
    gate.send(FakeHttp.get(INFER).with("Authorization", "bearer " + Gate.ADMIN));
    assertThat(gate.caller()).isEqualTo(new Caller("root", true));
    assertThat(gate.passed.isUserInRole("admin")).isTrue();
    assertThat(gate.passed.isUserInRole("other")).isFalse();
  }

  @Test
  void apiKeyHeader_isAnAccessToken() {
    gate.send(FakeHttp.post(INFER).with("x-api-key", Gate.ANN));
    assertThat(gate.caller()).isEqualTo(new Caller("ann", false));
    assertThat(gate.send(FakeHttp.post(INFER).with("x-api-key", "wrong")).status).isEqualTo(401);
    FakeHttp both = FakeHttp.post(INFER).bearer("wrong").with("x-api-key", Gate.ANN);
    assertThat(gate.send(both).status).as("Authorization comes first").isEqualTo(401);
  }

  @Test
  void tokenThatIsConfiguredByItsHash_passes() {
    String hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    AccessToken hashed = new AccessToken("ann", Secret.of("sha256:" + hash), true);
    Gate hashes = new Gate(Gate.settings(List.of(hashed), Environment.PRODUCTION, true));
    hashes.send(FakeHttp.get(INFER).bearer("abc"));
    assertThat(hashes.caller()).isEqualTo(new Caller("ann", true));
    assertThat(hashes.send(FakeHttp.get(INFER).bearer("sha256:" + hash)).status).isEqualTo(401);
    assertThat(hashes.send(FakeHttp.get(INFER).bearer(hash)).status).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /login, 'GET, HEAD, OPTIONS, POST'",
    "PROPFIND, /ai/lmstudio/demo, 'GET, HEAD, OPTIONS, POST'",
    "TRACE, /ai/lmstudio/demo, 'GET, HEAD, OPTIONS, POST'",
    "TRACE, /login, 'GET, HEAD, OPTIONS, POST'",
    "POST, /js/sdk/client.js, 'GET, HEAD, OPTIONS'",
    "FOO, /health/live, 'GET, HEAD, OPTIONS'",
    "GET, /logout, 'OPTIONS, POST'",
  })
  void methodThatARouteDoesNotAllow_is405(String method, String path, String allow) {
    FakeHttp http = gate.send(FakeHttp.of(method, path).bearer(Gate.ANN));
    assertThat(gate.passed).isNull();
    assertThat(http.status).isEqualTo(405);
    assertThat(http.answer("Allow")).isEqualTo(allow);
  }

  @Test
  void wrongMethodWhereThereIsNoFile_is404() {
    for (String path : List.of("/nothing.xhtml", "/nothing")) {
      FakeHttp nothing = FakeHttp.of("DELETE", path).bearer(Gate.ANN);
      nothing.match = path.contains(".") ? MappingMatch.EXTENSION : MappingMatch.DEFAULT;
      assertThat(gate.send(nothing).status).isEqualTo(404);
    }
    FakeHttp page = FakeHttp.of("DELETE", "/index.xhtml").bearer(Gate.ANN);
    page.match = MappingMatch.EXTENSION;
    assertThat(gate.send(page).status).isEqualTo(405);
    FakeHttp file = FakeHttp.of("DELETE", "/favicon.svg").bearer(Gate.ANN);
    file.match = MappingMatch.DEFAULT;
    file.files.add("/favicon.svg");
    assertThat(gate.send(file).status).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/x.xhtml", "/ai/lmstudio/x.jsf", "/jakarta.faces.resource/x.js.xhtml", "/x.jsp"})
  void pageThatDoesNotExist_is404BeforeFacesLooksForIt(String path) {
    FakeHttp page = FakeHttp.of("GET", path).bearer(Gate.ANN);
    page.match = MappingMatch.EXTENSION;
    assertThat(gate.send(page).status).isEqualTo(404);
    FakeHttp below = FakeHttp.of("GET", "/faces" + path).bearer(Gate.ANN);
    below.pattern = "/faces/*";
    assertThat(gate.send(below).status).isEqualTo(404);
    assertThat(gate.passed).isNull();
  }

  @Test
  void fileOfAPage_isPassedToFaces() {
    FakeHttp page = FakeHttp.of("GET", "/ai/lmstudio/demo.xhtml").bearer(Gate.ANN);
    page.match = MappingMatch.EXTENSION;
    gate.send(page);
    assertThat(gate.passed).isNotNull();
  }

  @Test
  void wrongMethod_isToldAfterSignInAndOrigin() {
    assertThat(gate.send(FakeHttp.of("PUT", "/metrics")).status).isEqualTo(401);
    FakeHttp foreign = FakeHttp.of("PUT", "/login").with("Origin", "http://evil.example");
    assertThat(gate.send(foreign).status).isEqualTo(403);
  }

  @Test
  void formThatIsTooLong_is413() {
    for (String path : List.of("/login", "/logout", "/ai/lmstudio/demo")) {
      FakeHttp longest = FakeHttp.post(path).bearer(Gate.ANN).with("Content-Length", "65536");
      longest.sent = new ByteArrayInputStream(new byte[65536]);
      assertThat(gate.send(longest).status).isEqualTo(200);
      FakeHttp longer = FakeHttp.post(path).bearer(Gate.ANN).with("Content-Length", "65537");
      assertThat(gate.send(longer).status).isEqualTo(413);
      assertThat(longer.text()).contains("65537 bytes (limit 65536)");
    }
    gate.send(FakeHttp.post(INFER).bearer(Gate.ANN).with("Content-Length", "65537"));
    assertThat(gate.passed).as("the resource checks JSON").isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/v1/models", INFER, "/js/a.js"})
  void lengthAndChunksInOneRequest_are400AndEndTheConnection(String path) {
    FakeHttp http =
        FakeHttp.post(path)
            .bearer(Gate.ANN)
            .with("Content-Length", "4")
            .with("Transfer-Encoding", "chunked");
    gate.send(http);
    assertThat(gate.passed).isNull();
    assertThat(http.status).isEqualTo(400);
    assertThat(http.answer("Connection")).isEqualTo("close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary-token-of-an", "canary-token-of-ann2", "CANARY-TOKEN-OF-ANN", "x"})
  void wrongToken_isRefused(String token) {
    assertThat(gate.send(FakeHttp.get(INFER).bearer(token)).status).isEqualTo(401);
    assertThat(gate.passed).isNull();
  }

  @Test
  void wrongToken_beatsARightSession() {
    String id = gate.openSession(Gate.ANN);
    assertThat(gate.send(FakeHttp.get(INFER).session(id).bearer("wrong")).status).isEqualTo(401);
  }

  @Test
  void demoLink_signsInAndLosesTheToken() {
    FakeHttp http = FakeHttp.get("/ai/lmstudio/demo?a=1&token=" + Gate.ANN + "&b=2");
    http.context = "/app";
    gate.send(http);
    assertThat(gate.passed).isNull();
    assertThat(http.status).isEqualTo(302);
    assertThat(http.answer("Location")).isEqualTo("/app/ai/lmstudio/demo?a=1&b=2");
    assertThat(http.answer("Set-Cookie"))
        .matches("lmstudio_session=[0-9a-f]{32}; Path=/app; HttpOnly; SameSite=Strict");
  }

  @Test
  void demoLink_withEncodedNameLosesTheWholeQuery() {
    FakeHttp http = gate.send(FakeHttp.get("/ai/lmstudio/demo?%74oken=" + Gate.ANN));
    assertThat(http.answer("Location")).isEqualTo("/ai/lmstudio/demo");
  }

  @Test
  void demoLink_withWrongTokenLeadsToLogin() {
    FakeHttp http = gate.send(FakeHttp.get("/ai/lmstudio/demo?token=wrong"));
    assertThat(http.answer("Location")).isEqualTo("/login");
    assertThat(http.answer("Set-Cookie")).isNull();
  }

  @Test
  void tokenInTheQuery_countsNowhereElse() {
    assertThat(gate.send(FakeHttp.get(INFER + "?token=" + Gate.ANN)).status).isEqualTo(401);
  }

  @Test
  void moduleOff_answersAfterSignIn() {
    Gate off =
        new Gate(
            Gate.settings(
                List.of(new AccessToken("ann", Secret.of(Gate.ANN), false)),
                Environment.PRODUCTION,
                false));
    assertThat(off.send(FakeHttp.get(INFER)).status).isEqualTo(401);
    FakeHttp http = off.send(FakeHttp.get(INFER).bearer(Gate.ANN));
    assertThat(http.status).isEqualTo(503);
    assertThat(http.text()).contains("feature_disabled");
    off.send(FakeHttp.get("/metrics").bearer(Gate.ANN));
    assertThat(off.passed).isNotNull();
  }

  @Test
  void noTokenConfigured_answersApiWith503() {
    Gate none = new Gate(Gate.settings(List.of(), Environment.PRODUCTION, true));
    assertThat(none.send(FakeHttp.get(INFER)).status).isEqualTo(503);
    FakeHttp http = none.send(FakeHttp.get("/v1/models").bearer("any"));
    assertThat(http.status).isEqualTo(503);
    assertThat(http.text()).contains("not_configured", "LM_STUDIO_ACCESS_TOKENS");
    assertThat(none.send(FakeHttp.get("/ai/lmstudio/demo")).answer("Location")).isEqualTo("/login");
    assertThat(none.printed.toString()).isEmpty();
  }

  @Test
  void noTokenInLocal_printsOneLinkThatWorks() {
    Gate local = new Gate(Gate.settings(List.of(), Environment.LOCAL, true));
    local.send(FakeHttp.get("/login"));
    local.send(FakeHttp.get("/login"));
    String text = local.printed.toString();
    assertThat(text).containsOnlyOnce("http://127.0.0.1:8080/ai/lmstudio/demo?token=");
    String path = text.replaceAll("(?s).*8080(/\\S+).*", "$1");
    assertThat(local.send(FakeHttp.get(path)).answer("Set-Cookie")).isNotNull();
  }

  @Test
  void everyAnswer_carriesTheSecurityHeaders() {
    for (String path : List.of("/login", INFER, "/v1/x", "/js/a.js", "/nix", "/health")) {
      FakeHttp http = gate.send(FakeHttp.get(path));
      assertThat(http.answer("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " connect-src 'self'; font-src 'self'; manifest-src 'self';"
                  + " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
                  + " require-trusted-types-for 'script';"
                  + " trusted-types dompurify lit-html");
      assertThat(http.answer("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(http.answer("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(http.answer("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(http.answer("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
      assertThat(http.answer("X-Request-Id")).isNotBlank();
      boolean file = path.equals("/js/a.js");
      assertThat(http.answer("Cache-Control")).isEqualTo(file ? "no-cache" : "no-store");
    }
  }

  @ParameterizedTest
  @CsvSource({"my-id_1.x, true", "'a b', false", "'', false", "<x>, false"})
  void requestId_isKeptIfSafe(String offered, boolean kept) {
    FakeHttp http = gate.send(FakeHttp.get(INFER).with("X-Request-Id", offered));
    assertThat(http.answer("X-Request-Id").equals(offered)).isEqualTo(kept);
    assertThat(http.text()).contains("\"request_id\":\"" + http.answer("X-Request-Id") + "\"");
  }

  @Test
  void noAnswer_containsATokenOrASession() {
    String id = gate.openSession(Gate.ANN);
    for (FakeHttp http :
        List.of(
            FakeHttp.get(INFER).bearer("canary-wrong"),
            FakeHttp.get("/v1/x").bearer("canary-wrong"),
            FakeHttp.get("/ai/lmstudio/demo?token=canary-wrong"),
            FakeHttp.post(INFER).session(id))) {
      gate.send(http);
      assertThat(http.text() + http.answered).doesNotContain("canary").doesNotContain(id);
    }
    assertThat(gate.access.sessions.toString() + gate.access.tokens + gate.access.signIn)
        .doesNotContain("canary");
  }

  @Test
  void refusedUpgrade_isAnsweredAfterItsBody() {
    FakeHttp http =
        FakeHttp.post(INFER)
            .with("Upgrade", "h2c")
            .with("Content-Type", "application/json")
            .with("Content-Length", "2");
    http.sent = new ByteArrayInputStream("{}next".getBytes(StandardCharsets.UTF_8));
    gate.send(http);
    assertThat(http.status).isEqualTo(401);
    assertThat(http.sent).as("all that had arrived").isEmpty();
  }
}
