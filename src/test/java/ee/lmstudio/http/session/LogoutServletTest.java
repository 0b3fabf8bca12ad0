package ee.lmstudio.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.access.AccessBeans;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.http.filter.Gate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogoutServletTest {

  @Test
  void signOut_endsTheSessionAndDeletesTheCookie() {
    AccessBeans access = new AccessBeans(Gate.settingsWithTokens());
    Optional<AccessToken> token = access.tokens.find(Gate.ANN);
    String id = access.sessions.open(token.orElseThrow());
    LogoutServlet logout = new LogoutServlet();
    logout.signIn = new BrowserSignIn(access.signIn, access.sessions);
    FakeHttp http = FakeHttp.post("/logout").session(id);
    logout.doPost(http.request(), http.response());
    assertThat(http.status).isEqualTo(303);
    assertThat(http.answer("Location")).isEqualTo("/login");
    assertThat(http.answer("Set-Cookie")).contains("lmstudio_session=;", "Max-Age=0");
    assertThat(access.sessions.use(id)).isEmpty();
  }
}
