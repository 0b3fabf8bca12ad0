package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.Environment;
import ee.lmstudio.http.FakeHttp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
  private final Gate gate = Gate.withTokens();

  private int status(String host) {
    return gate.send(FakeHttp.get("/login").with("Host", host)).status;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "localhost.",
        "app.localhost",
        "127.0.0.1:1",
        "127.9.9.9",
        "[::1]",
        "[::1]:8080",
      })
  void loopbackName_isAnswered(String host) {
    assertThat(status(host)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::2]",
        "localhost:80:80",
        "localhost@evil",
        "",
        "a b",
        "<script>",
      })
  void foreignName_is421(String host) {
    assertThat(status(host)).isEqualTo(421);
    assertThat(gate.passed).isNull();
  }

  @Test
  void addressThatWasCalled_isAnswered() {
    FakeHttp http = FakeHttp.get("/login").with("Host", "192.168.1.5:8080");
    http.local = "192.168.1.5";
    assertThat(gate.send(http).status).isEqualTo(200);
  }

  @Test
  void severalHosts_are421() {
    FakeHttp http = FakeHttp.get("/login");
    http.headers.put("Host", List.of("localhost", "evil.example"));
    assertThat(gate.send(http).status).isEqualTo(421);
  }

  @Test
  void api_isToldByEnvelopeAndBeforeSignIn() {
    FakeHttp http = gate.send(FakeHttp.get("/api/x").with("Host", "evil.example"));
    assertThat(http.status).isEqualTo(421);
    assertThat(http.text())
        .contains("misdirected_request", "LM_STUDIO_ALLOWED_SERVER_NAMES=evil.example");
  }

  @Test
  void listedNames_areTheOnlyOnes() {
    Gate named =
        new Gate(
            Gate.settings(List.of(), Environment.LOCAL, true, List.of("ai.example", "::2"), true));
    assertThat(named.send(FakeHttp.get("/login").with("Host", "AI.example:443")).status)
        .isEqualTo(200);
    assertThat(named.send(FakeHttp.get("/login").with("Host", "[::2]")).status).isEqualTo(200);
    assertThat(named.send(FakeHttp.get("/login")).status).isEqualTo(421);
    assertThat(named.send(FakeHttp.get("/simulator/v1/models")).status)
        .as("the SDK calls the simulator at 127.0.0.1")
        .isEqualTo(200);
  }
}
