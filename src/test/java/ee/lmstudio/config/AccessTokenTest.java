package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Secret;
import org.junit.jupiter.api.Test;

class AccessTokenTest {
  /** The example of FIPS 180-4: the hash of "abc". */
  private static final String ABC =
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void hashedToken_isMatchedByItsTextOnly() {
    AccessToken hashed = new AccessToken("ann", Secret.of(ABC), true);
    assertThat(hashed.matches("abc")).isTrue();
    assertThat(hashed.matches("abd")).isFalse();
    assertThat(hashed.matches("")).isFalse();
    assertThat(hashed.matches(ABC)).as("the hash is not a token").isFalse();
    assertThat(hashed.matches(ABC.substring(AccessToken.SHA256.length()))).isFalse();
  }

  @Test
  void plainToken_isMatchedByItsTextOnly() {
    AccessToken plain = new AccessToken("ann", Secret.of("abc"), false);
    assertThat(plain.matches("abc")).isTrue();
    assertThat(plain.matches("abcd")).isFalse();
    assertThat(plain.matches(ABC)).isFalse();
    assertThat(plain.hash()).isEqualTo(ABC);
  }
}
