package ee.lmstudio.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayedQueryTest {
  private static void assertRefused(String query) {
    assertThatThrownBy(() -> RelayedQuery.checked(query))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.MALFORMED_REQUEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "beta=true",
        "include[]=a.b&include[]=c&starting_after=7",
        "include%5B%5D=a%20b+c%C3%A4",
        "a=%25&b=/?:@!$'()*,;=~_.-",
        "?&&=",
      })
  void allowedQuery_isReturnedUnchanged(String query) {
    assertThat(RelayedQuery.checked(query)).isEqualTo(query);
  }

  @Test
  void noQuery_isEmpty() {
    assertThat(RelayedQuery.checked(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a\r\nHost: x",
        "a\tb",
        "a#b",
        "a\\b",
        "a\"b",
        "a<b",
        "{a}",
        "a|b",
        "\u00e4",
        "\u0000",
        "%",
        "%4",
        "%zz",
        "a=%0d%0a",
        "a=%00",
        "a=%1F",
        "a=%7f",
        "a=%%2020"
      })
  void forbiddenCharacter_isRefused(String query) {
    assertRefused(query);
  }

  @Test
  void queryOverTheLimit_isRefused() {
    String longest = "a".repeat(RelayedQuery.LONGEST);
    assertThat(RelayedQuery.checked(longest)).isEqualTo(longest);
    assertRefused(longest + "a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stream=true", "a=1&stream=1", "stream", "%73tream=%74rue", "stream=TRUE"})
  void storedResponseAsAStream_isRefusedWithTheNameOfTheParameter(String query) {
    assertThatThrownBy(() -> RelayedQuery.requireNoStream(query))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.error().code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
              assertThat(refused.error().details().get(0).field()).isEqualTo("stream");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stream=false", "stream=0", "stream=", "streams=true", "a=stream"})
  void queryThatDoesNotAskForAStream_isAccepted(String query) {
    RelayedQuery.requireNoStream(query);
  }
}
