package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String KEY = "canary-key-0123456789";
  private final Redaction redaction =
      new Redaction(Optional.of(KEY), List.of("Bearer other-secret", "blue", "x"));

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 10, 20, 21})
  void beginningOfTheKey_isNotShown(int length) {
    String clean = redaction.clean("Malformed token '" + KEY.substring(0, length) + "…'");
    assertThat(clean).isEqualTo("Malformed token '***…'");
  }

  @Test
  void valuesOfHeaders_areNotShown() {
    assertThat(redaction.clean("Bearer other-secret, other-secret, blue, x"))
        .isEqualTo("***, ***, ***, x");
  }

  @Test
  void tokensOfLmStudio_areNotShownWhoeverOwnsThem() {
    Redaction none = new Redaction(Optional.empty(), List.of());
    assertThat(none.clean("sk-lm-12345678:abcdefghijklmnopqrst!")).isEqualTo("***!");
  }

  @Test
  void shortKey_doesNotBlotOutEverything() {
    assertThat(new Redaction(Optional.of("abc"), List.of()).clean("abcde")).isEqualTo("abcde");
    assertThat(new Redaction(Optional.of("abcd"), List.of()).clean("abcde")).isEqualTo("***e");
  }

  @Test
  void lineBreaksAndControls_becomeSpaces() {
    assertThat(redaction.clean(" a\r\nb\u001b[31mc\u2028d\u0000e\u200b\u009b1m "))
        .isEqualTo("a b [31mc d e 1m");
  }

  @Test
  void longText_isCutToItsBeginning() {
    assertThat(redaction.clean("x".repeat(500))).isEqualTo("x".repeat(200) + "…");
    assertThat(redaction.clean("x".repeat(200))).isEqualTo("x".repeat(200));
  }
}
