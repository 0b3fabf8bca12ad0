package ee.lmstudio.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedRequestTest {
  private static final List<CidrBlock> PROXIES = List.of(CidrBlock.parse("10.0.0.0/8"));

  private static FakeHttp forwarded(String from) {
    return FakeHttp.get("/a/b")
        .from(from)
        .with("X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.2")
        .with("X-Forwarded-Proto", "http, https")
        .with("X-Forwarded-Host", "ai.example");
  }

  @Test
  void listedProxy_isBelieved() {
    HttpServletRequest request = ForwardedRequest.of(forwarded("10.0.0.1").request(), PROXIES);
    assertThat(request.getRemoteAddr()).isEqualTo("203.0.113.9");
    assertThat(request.isSecure()).isTrue();
    assertThat(request.getServerName()).isEqualTo("ai.example");
    assertThat(request.getServerPort()).isEqualTo(443);
    assertThat(request.getHeader("host")).isEqualTo("ai.example");
    assertThat(request.getRequestURL()).hasToString("https://ai.example/a/b");
  }

  @Test
  void anybodyElse_isNotBelieved() {
    HttpServletRequest request = ForwardedRequest.of(forwarded("192.0.2.1").request(), PROXIES);
    assertThat(request.getRemoteAddr()).isEqualTo("192.0.2.1");
    assertThat(request.isSecure()).isFalse();
    assertThat(request.getServerName()).isEqualTo("localhost");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 10.0.0.1",
    "garbage, 10.0.0.1",
    "'203.0.113.9, garbage', 10.0.0.1",
    "'203.0.113.9, 10.0.0.0/8', 10.0.0.1",
    "'10.0.0.3, 10.0.0.2', 10.0.0.3",
    "2001:db8::1, 2001:db8::1",
  })
  void brokenChain_endsAtTheLastKnownAddress(String chain, String client) {
    FakeHttp http = FakeHttp.get("/").from("10.0.0.1").with("X-Forwarded-For", chain);
    assertThat(ForwardedRequest.of(http.request(), PROXIES).getRemoteAddr()).isEqualTo(client);
  }

  @Test
  void proxyThatSaysNothing_changesNothing() {
    HttpServletRequest request =
        ForwardedRequest.of(FakeHttp.get("/").from("10.0.0.1").request(), PROXIES);
    assertThat(request.getScheme()).isEqualTo("http");
    assertThat(request.getServerName()).isEqualTo("localhost");
    assertThat(request.getServerPort()).isEqualTo(8080);
  }

  @Test
  void brokenHost_isNoHost() {
    FakeHttp http = forwarded("10.0.0.1").with("X-Forwarded-Host", "a b<c>");
    assertThat(ForwardedRequest.of(http.request(), PROXIES).getServerName()).isEqualTo("invalid");
  }
}
