package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.access.Caller;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.sdk.Secret;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the access filter lets a browser with a session do. */
class SessionAccessTest {
  private static final String INFER = "/api/v1/ai/lmstudio/infer";
  private final Gate gate = Gate.withTokens();

  @Test
  void session_passesWithItsCaller() {
    String id = gate.openSession(Gate.ADMIN);
    gate.send(FakeHttp.get("/ai/lmstudio/demo").session(id));
    assertThat(gate.caller()).isEqualTo(new Caller("root", true));
    gate.send(FakeHttp.get("/login").session(id));
    assertThat(gate.caller()).isEqualTo(new Caller("root", true));
  }

  @Test
  void signInAgain_endsTheOldSession() {
    String old = gate.openSession(Gate.ANN);
    FakeHttp again = gate.send(FakeHttp.get("/ai/lmstudio/demo?token=" + Gate.ANN).session(old));
    assertThat(again.answer("Set-Cookie")).doesNotContain(old);
    assertThat(gate.send(FakeHttp.get(INFER).session(old)).status).isEqualTo(401);
  }

  /** An attacker who planted a cookie in a browser does not know the session that it opens. */
  @Test
  void idThatTheBrowserBrings_isNeverTakenOver() {
    String planted = "0123456789abcdef0123456789abcdef";
    FakeHttp signIn =
        gate.send(FakeHttp.get("/ai/lmstudio/demo?token=" + Gate.ANN).session(planted));
    assertThat(signIn.answer("Set-Cookie")).startsWith("lmstudio_session=");
    assertThat(signIn.answer("Set-Cookie")).doesNotContain(planted);
    assertThat(gate.send(FakeHttp.get(INFER).session(planted)).status).isEqualTo(401);
  }

  @Test
  void session_endsAfterEightIdleHours() {
    String id = gate.openSession(Gate.ANN);
    gate.access.later(Duration.ofHours(7));
    gate.send(FakeHttp.get(INFER).session(id));
    assertThat(gate.caller()).isNotNull();
    gate.access.later(Duration.ofHours(8));
    assertThat(gate.send(FakeHttp.get(INFER).session(id)).status).isEqualTo(401);
  }

  @Test
  void session_endsWhenItsTokenIsTakenAway() {
    String id = gate.openSession(Gate.ANN);
    gate.access.use(
        Gate.settings(
            List.of(new AccessToken("ann", Secret.of("another"), false)),
            Environment.PRODUCTION,
            true));
    assertThat(gate.send(FakeHttp.get(INFER).session(id)).status).isEqualTo(401);
  }

  @Test
  void session_overTlsIsSecure() {
    FakeHttp http = FakeHttp.get("/ai/lmstudio/demo?token=" + Gate.ANN);
    http.scheme = "https";
    assertThat(gate.send(http).answer("Set-Cookie")).endsWith("; Secure");
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, same-origin, true",
    "Sec-Fetch-Site, same-site, false",
    "Sec-Fetch-Site, cross-site, false",
    "Sec-Fetch-Site, none, false",
    "Origin, http://localhost:8080, true",
    "Origin, http://LOCALHOST:8080, true",
    "Origin, http://localhost, false",
    "Origin, https://localhost:8080, false",
    "Origin, http://evil.example:8080, false",
    "Origin, null, false",
    "X-Nothing, said, false",
  })
  void changeBySession_needsOurOwnOrigin(String header, String value, boolean allowed) {
    String id = gate.openSession(Gate.ANN);
    for (String method : List.of("POST", "DELETE", "PUT", "PATCH")) {
      FakeHttp http = FakeHttp.get(INFER).session(id).with(header, value);
      http.method = method;
      gate.send(http);
      assertThat(gate.passed != null).as(method).isEqualTo(allowed);
      assertThat(http.status).isEqualTo(allowed ? 200 : 403);
    }
  }

  @Test
  void fetchMetadata_beatsOrigin() {
    String id = gate.openSession(Gate.ANN);
    FakeHttp http =
        FakeHttp.post(INFER)
            .session(id)
            .with("Sec-Fetch-Site", "cross-site")
            .with("Origin", "http://localhost:8080");
    assertThat(gate.send(http).status).isEqualTo(403);
  }

  @Test
  void changeByToken_needsNoOrigin() {
    gate.send(FakeHttp.post(INFER).bearer(Gate.ANN).with("Sec-Fetch-Site", "cross-site"));
    assertThat(gate.caller()).isNotNull();
  }

  @Test
  void readingBySession_needsNoOrigin() {
    String id = gate.openSession(Gate.ANN);
    gate.send(FakeHttp.get(INFER).session(id).with("Sec-Fetch-Site", "none"));
    assertThat(gate.caller()).isNotNull();
  }

  @Test
  void loginForm_isRefusedFromOtherSitesOnly() {
    gate.send(FakeHttp.post("/login"));
    assertThat(gate.passed).isNotNull();
    FakeHttp foreign = FakeHttp.post("/login").with("Origin", "http://evil.example");
    assertThat(gate.send(foreign).status).isEqualTo(403);
    assertThat(foreign.answer("Content-Type")).startsWith("text/html");
    String id = gate.openSession(Gate.ANN);
    assertThat(gate.send(FakeHttp.post("/login").session(id)).status).isEqualTo(403);
  }
}
