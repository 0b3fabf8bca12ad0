package ee.lmstudio.sdk.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueCountTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[] | 1",
        "[ 1 , -2.5e3\t,true,null ] | 5",
        "{\"a\":{\"b\":[{},\"\"]}} | 7",
        "\"[1,2,{\\\"a\\\":3}]\" | 1",
        "^^ | 0"
      })
  void valuesAndNames_areCounted(String json, int count) {
    assertThat(ValueCount.of(json)).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource({"4, true", "5, false", "6, false"})
  void limit_isExact(int limit, boolean exceeds) {
    assertThat(ValueCount.exceeds("[1,2,3,4]", limit)).isEqualTo(exceeds);
  }
}
