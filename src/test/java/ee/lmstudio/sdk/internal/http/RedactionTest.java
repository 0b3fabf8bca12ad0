package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String KEY = "canary-key-0123456789";
  private final Redaction redaction =
      new Redaction(
          Optional.of(KEY),
          Map.of(
              "Proxy-Authorization", "Bearer other-secret",
              "X-Api-Key", "blue",
              "Cookie", "session=abcdefgh; theme=dark",
              "X-Provider", "openai",
              "X-Auth-Mode", "x"));

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 10, 20, 21})
  void beginningOfTheKey_isNotShown(int length) {
    String clean = redaction.clean("Malformed token '" + KEY.substring(0, length) + "…'");
    assertThat(clean).isEqualTo("Malformed token '***…'");
  }

  @Test
  void otherFormsOfTheKey_areNotShown() {
    Redaction of = new Redaction(Optional.of("sk-lm-ABCDEFGH:secret-half/01"), Map.of());
    String base64 =
        Base64.getEncoder()
            .encodeToString("sk-lm-ABCDEFGH:secret-half/01".getBytes(StandardCharsets.UTF_8));
    assertThat(of.clean("Bad key 'secret-half/01'")).isEqualTo("Bad key '***'");
    assertThat(of.clean("got " + base64)).startsWith("got ***").doesNotContain(base64.substring(8));
    assertThat(of.clean("got sk-lm-ABCDEFGH%3Asecret-half%2F01")).isEqualTo("got ***");
  }

  @Test
  void valuesOfHeadersThatHoldSecrets_areNotShown() {
    assertThat(redaction.clean("other-secret, [blue], abcdefgh; dark"))
        .isEqualTo("***, [***], ***; ***");
  }

  @Test
  void valuesOfOtherHeaders_areShown() {
    assertThat(redaction.clean("openai error, x")).isEqualTo("openai error, x");
  }

  @Test
  void valueWithinAnotherWord_isShown() {
    assertThat(redaction.clean("blueberry, dark-red, dark_red"))
        .isEqualTo("blueberry, dark-red, dark_red");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "Malformed LM Studio API token provided: 22aac52a71... (x)|Malformed LM Studio API token"
            + " provided: *** (x)",
        "Incorrect API key provided: 'abc-def'. You can find it at|Incorrect API key provided:"
            + " '***'. You can find it at",
        "token provided: zzz|token provided: ***",
        "invalid api_key=qwertz, try|invalid api_key=***, try",
        "Authorization: Bearer abc|Authorization: ***",
        "got Bearer abcdefgh1234 instead|got Bearer *** instead",
        "API key not valid. Please pass a valid API key.|API key not valid. Please pass a valid API"
            + " key.",
        "max token count: 4096|max token count: 4096",
        "The token limit is 12: too low|The token limit is 12: too low",
        "See the API key page: https://example.com/keys|See the API key page:"
            + " https://example.com/keys",
      })
  void whatFollowsTheNameOfASecret_isNotShown(String text, String clean) {
    assertThat(new Redaction(Optional.empty(), Map.of()).clean(text)).isEqualTo(clean);
  }

  @Test
  void tokensOfLmStudio_areNotShownWhoeverOwnsThem() {
    Redaction none = new Redaction(Optional.empty(), Map.of());
    assertThat(none.clean("sk-lm-12345678:abcdefghijklmnopqrst!")).isEqualTo("***!");
  }

  @Test
  void shortKey_doesNotBlotOutEverything() {
    assertThat(new Redaction(Optional.of("abc"), Map.of()).clean("abcde")).isEqualTo("abcde");
    assertThat(new Redaction(Optional.of("abcd"), Map.of()).clean("abcde abcd"))
        .isEqualTo("abcde ***");
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
