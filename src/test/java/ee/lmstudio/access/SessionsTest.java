package ee.lmstudio.access;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.sdk.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionsTest {

  @Test
  void sessionBeyondTheLimit_endsTheOneThatWasUnusedForLongest() {
    AccessToken token = new AccessToken("ann", Secret.of("canary"), false);
    Sessions sessions = new Sessions(() -> Instant.EPOCH);
    sessions.tokens =
        new AccessTokens() {
          @Override
          public boolean isInForce(AccessToken any) {
            return true;
          }
        };
    String first = sessions.open(token);
    String second = sessions.open(token);
    for (int i = 2; i < Sessions.MAX; i++) {
      sessions.open(token);
    }
    assertThat(sessions.use(first)).isPresent();
    sessions.open(token);
    assertThat(sessions.use(first)).isPresent();
    assertThat(sessions.use(second)).isEmpty();
  }
}
