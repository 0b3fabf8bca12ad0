package ee.lmstudio.access;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.sdk.Secret;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final Sessions sessions = new Sessions(() -> Instant.EPOCH);

  @BeforeEach
  void acceptAnyToken() {
    sessions.tokens =
        new AccessTokens() {
          @Override
          public boolean isInForce(AccessToken any) {
            return true;
          }
        };
  }

  private static AccessToken token(String name) {
    return new AccessToken(name, Secret.of("canary"), false);
  }

  @Test
  void sessionBeyondTheLimit_endsTheOneThatWasUnusedForLongest() {
    String first = sessions.open(token("ann"));
    String second = sessions.open(token("ben"));
    for (int i = 2; i < Sessions.MAX; i++) {
      sessions.open(token("caller-" + i));
    }
    assertThat(sessions.use(first)).isPresent();
    sessions.open(token("cid"));
    assertThat(sessions.use(first)).isPresent();
    assertThat(sessions.use(second)).isEmpty();
  }

  @Test
  void sessionBeyondTheLimitOfItsToken_endsOneOfThatToken() {
    String others = sessions.open(token("ben"));
    String first = sessions.open(token("ann"));
    String second = sessions.open(token("ann"));
    for (int i = 2; i < Sessions.MAX_PER_TOKEN; i++) {
      sessions.open(token("ann"));
    }
    assertThat(sessions.use(first)).isPresent();
    sessions.open(token("ann"));
    assertThat(sessions.use(first)).isPresent();
    assertThat(sessions.use(second)).isEmpty();
    assertThat(sessions.use(others)).isPresent();
  }
}
