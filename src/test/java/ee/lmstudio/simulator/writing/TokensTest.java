package ee.lmstudio.simulator.writing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  @Test
  void words_keepTheirSpaceAndSignsStandAlone() {
    assertThat(Tokens.of("Hello there, how are you?"))
        .containsExactly("Hello", " there", ",", " how", " are", " you", "?");
  }

  @Test
  void longWord_isCut() {
    assertThat(Tokens.of("extraordinary")).containsExactly("extraord", "inary");
  }

  @Test
  void emojiOfSeveralCodePoints_isCutBetweenThem() {
    assertThat(Tokens.of("👩‍🚀漢字")).containsExactly("👩", "\u200D", "🚀", "漢", "字");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\n\n a\t\r\n", "é e\u0301 ß", "a  b", "\u0000\uD83D", "👨‍👩‍👧‍👦!"})
  void joinedTokens_areTheText(String text) {
    assertThat(String.join("", Tokens.of(text))).isEqualTo(text);
  }
}
