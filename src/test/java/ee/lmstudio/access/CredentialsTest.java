package ee.lmstudio.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

  @ParameterizedTest
  @CsvSource({
    "Bearer a, , a",
    "bearer a, , a",
    "'Bearer  a ', , a",
    ", b, b",
    ", ' b ', b",
    "Bearer a, b, a",
    "Basic YTpi, b, b",
    "Bearer, b, b",
    "Basic YTpi, , ",
    ", , ",
  })
  void headers_giveTheirToken(String authorization, String apiKey, String token) {
    assertThat(Credentials.token(authorization, apiKey).orElse(null)).isEqualTo(token);
  }
}
