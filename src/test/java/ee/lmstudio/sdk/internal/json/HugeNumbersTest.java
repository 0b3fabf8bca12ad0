package ee.lmstudio.sdk.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugeNumbersTest {
  private static final String LONG = "7".repeat(1001);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "",
        "[1,-2.5e300,1E-999999999]",
        "\"1e99999999999\"",
        "\"\\\"1e9999999999",
        "-"
      })
  void jsonWithoutHugeNumbers_staysTheSame(String json) {
    assertThat(HugeNumbers.asTexts(json)).isSameAs(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e1234567890", "-1E+1234567890", "1.5e-0000000001", "-0.1e1234567890123456789"})
  void numberWithHugeExponent_becomesText(String number) {
    assertThat(HugeNumbers.asTexts("[1," + number + ",{\"a\\\"\":" + number + "}]"))
        .isEqualTo("[1,\"" + number + "\",{\"a\\\"\":\"" + number + "\"}]");
  }

  @Test
  void numberWithManyDigits_becomesText() {
    assertThat(HugeNumbers.asTexts(LONG)).isEqualTo("\"" + LONG + "\"");
    assertThat(HugeNumbers.asTexts(LONG.substring(1))).isEqualTo(LONG.substring(1));
  }

  @Test
  void hugeNumber_isReadAsText() {
    JsonValue read = JsonText.read("{\"a\":[1e99999999999],\"b\":2}").orElseThrow();
    assertThat(read).hasToString("{\"a\":[\"1e99999999999\"],\"b\":2}");
  }

  @Test
  void notJson_staysUnreadable() {
    assertThat(JsonText.read("{1e99999999999}")).isEmpty();
    assertThat(JsonText.read("1e99999999999 1")).isEmpty();
  }
}
