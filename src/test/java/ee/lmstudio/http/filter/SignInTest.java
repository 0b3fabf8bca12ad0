package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.access.Caller;
import ee.lmstudio.access.SignIn;
import ee.lmstudio.http.FakeHttp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInTest {
  private static final String API = "/api/v1/ai/lmstudio/models";
  private final Gate gate = Gate.withTokens();

  private FakeHttp guess(String address) {
    return gate.send(FakeHttp.get(API).bearer("guess").from(address));
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(guess(address).status).isEqualTo(401);
    }
  }

  @Test
  void eleventhFailureInAMinute_is429() {
    fail("192.0.2.1", 10);
    FakeHttp http = guess("192.0.2.1");
    assertThat(http.status).isEqualTo(429);
    assertThat(http.answer("Retry-After")).isEqualTo("60");
    assertThat(http.text()).contains("rate_limited");
  }

  @Test
  void rightTokenAfterTooMany_isNotLookedAt() {
    fail("192.0.2.1", 10);
    guess("192.0.2.1");
    FakeHttp http = gate.send(FakeHttp.get(API).bearer(Gate.ANN).from("192.0.2.1"));
    assertThat(http.status).isEqualTo(429);
    assertThat(gate.passed).isNull();
  }

  @Test
  void whoWasThereBefore_isNotLockedOut() {
    gate.send(FakeHttp.get(API).bearer(Gate.ANN).from("192.0.2.1"));
    String session = gate.openSession(Gate.ADMIN);
    fail("192.0.2.1", 10);
    guess("192.0.2.1");
    gate.send(FakeHttp.get(API).bearer(Gate.ANN).from("192.0.2.1"));
    assertThat(gate.caller()).isEqualTo(new Caller("ann", false));
    gate.send(FakeHttp.get(API).session(session).from("192.0.2.1"));
    assertThat(gate.caller()).isEqualTo(new Caller("root", true));
    FakeHttp other = gate.send(FakeHttp.get(API).bearer(Gate.ADMIN).from("192.0.2.1"));
    assertThat(other.status).isEqualTo(429);
  }

  @Test
  void oneMinuteLater_itCanBeTriedAgain() {
    fail("192.0.2.1", 10);
    guess("192.0.2.1");
    gate.access.later(Duration.ofSeconds(59));
    assertThat(guess("192.0.2.1").status).isEqualTo(429);
    gate.access.later(Duration.ofSeconds(1));
    gate.send(FakeHttp.get(API).bearer(Gate.ANN).from("192.0.2.1"));
    assertThat(gate.caller()).isNotNull();
  }

  @Test
  void slowFailures_areNotCounted() {
    for (int i = 0; i < 30; i++) {
      assertThat(guess("192.0.2.1").status).isEqualTo(401);
      gate.access.later(Duration.ofSeconds(7));
    }
  }

  @Test
  void otherAddress_isNotAffected() {
    fail("192.0.2.1", 10);
    guess("192.0.2.1");
    assertThat(guess("192.0.2.2").status).isEqualTo(401);
  }

  @Test
  void addressesOfOneIpv6Network_countAsOne() {
    for (int i = 0; i < 10; i++) {
      fail("2001:db8:0:1::" + i, 1);
    }
    assertThat(guess("2001:db8:0:1::ffff").status).isEqualTo(429);
    assertThat(guess("2001:db8:0:2::1").status).isEqualTo(401);
  }

  @Test
  void forwardedAddress_countsFromListedProxiesOnly() {
    for (int i = 0; i < 11; i++) {
      gate.send(
          FakeHttp.get(API)
              .bearer("guess")
              .from("192.0.2.1")
              .with("X-Forwarded-For", "198.51.100." + i));
    }
    assertThat(guess("192.0.2.1").status).isEqualTo(429);
    for (int i = 0; i < 11; i++) {
      FakeHttp http =
          FakeHttp.get(API)
              .bearer("guess")
              .from("10.0.0.1")
              .with("X-Forwarded-For", "198.51.100." + i);
      assertThat(gate.send(http).status).isEqualTo(401);
    }
  }

  @Test
  void linkAndForm_shareTheThrottle() {
    fail("192.0.2.7", 10);
    FakeHttp http = gate.send(FakeHttp.get("/ai/lmstudio/demo?token=guess"));
    assertThat(http.status).isEqualTo(429);
    assertThat(http.answer("Content-Type")).startsWith("text/html");
    FakeHttp form = FakeHttp.post("/login");
    assertThat(gate.browsers.openSession(form.request(), form.response(), Gate.ANN))
        .isInstanceOf(SignIn.Result.TooMany.class);
    assertThat(form.answer("Set-Cookie")).isNull();
  }

  @Test
  void callWithoutToken_isNoFailure() {
    for (int i = 0; i < 30; i++) {
      assertThat(gate.send(FakeHttp.get(API)).status).isEqualTo(401);
    }
  }
}
