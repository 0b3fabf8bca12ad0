package ee.lmstudio.sdk.internal.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesTest {
  private static FirstBytes.Kind of(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return FirstBytes.of(bytes, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data: a", "data:", "event: x", "id:1", "retry: 5", "error: no", ": ping", ":"})
  void bytesThatBeginAStream_areAStream(String text) {
    for (String before : new String[] {"", "\n\r\n ", "\uFEFF", "\uFEFF\n"}) {
      String all = before + text;
      assertThat(of(all)).isEqualTo(FirstBytes.Kind.EVENT_STREAM);
      byte[] bytes = all.getBytes(UTF_8);
      for (int count = 0; count < bytes.length - text.length(); count++) {
        assertThat(FirstBytes.of(bytes, count)).isEqualTo(FirstBytes.Kind.UNDECIDED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[", " \n {\"a\"", "\uFEFF{"})
  void bracket_isJson(String text) {
    assertThat(of(text)).isEqualTo(FirstBytes.Kind.JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "It works", "database", "DATA: a", "\u00EF", "datax", "0"})
  void anythingElse_isOther(String text) {
    assertThat(of(text)).isEqualTo(FirstBytes.Kind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "d", "dat", "even", "i", "retry", "err"})
  void beginningOfAField_isUndecided(String text) {
    assertThat(of(text)).isEqualTo(FirstBytes.Kind.UNDECIDED);
  }
}
