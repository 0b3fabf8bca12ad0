package ee.lmstudio.simulator.writing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuestionTest {

  @Test
  void keywords_areTheTellingWordsOnce() {
    assertThat(new Question("Please explain how tea and more tea grows in Assam").keywords())
        .containsExactly("tea", "grows", "Assam");
  }

  @Test
  void questionOfCommonWordsOnly_keepsThem() {
    assertThat(new Question("Hello you").keywords()).containsExactly("Hello", "you");
    assertThat(new Question("?!").keywords()).isEmpty();
  }

  @Test
  void longQuestion_isQuotedByItsFirstWords() {
    assertThat(new Question("one two three four five six seven eight").quote())
        .isEqualTo("one two three four five six seven …");
    assertThat(new Question("x".repeat(100_000)).quote()).hasSizeLessThan(30);
  }

  @Test
  void wantedWords_haveADefaultAndALimit() {
    assertThat(new Question("Tell me").wantedWords()).isEqualTo(90);
    assertThat(new Question("A 300-word story").wantedWords()).isEqualTo(300);
    assertThat(new Question("99999 words").wantedWords()).isEqualTo(2000);
  }
}
