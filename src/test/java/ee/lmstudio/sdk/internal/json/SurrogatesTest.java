package ee.lmstudio.sdk.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurrogatesTest {
  private final Surrogates surrogates = new Surrogates();

  @Test
  void textWithoutHalves_isPassedOnAsItIs() {
    String text = "a\u00E4\u20AC";
    assertThat(surrogates.join(text)).isSameAs(text);
    assertThat(surrogates.join("")).isEmpty();
    assertThat(surrogates.rest()).isEmpty();
  }

  @Test
  void halves_areJoinedAcrossTexts() {
    assertThat(surrogates.join("a\uD83D")).isEqualTo("a");
    assertThat(surrogates.join("")).as("an empty text ends nothing").isEmpty();
    assertThat(surrogates.join("\uDE00b\uD83D\uDE01")).isEqualTo("\uD83D\uDE00b\uD83D\uDE01");
    assertThat(surrogates.rest()).isEmpty();
  }

  @Test
  void halfThatStaysAlone_isReplaced() {
    assertThat(surrogates.join("\uDE00a\uD83D")).isEqualTo("\uFFFDa");
    assertThat(surrogates.join("b\uD83D\uD83D")).isEqualTo("\uFFFDb\uFFFD");
    assertThat(surrogates.rest()).isEqualTo("\uFFFD");
    assertThat(surrogates.rest()).isEmpty();
  }
}
