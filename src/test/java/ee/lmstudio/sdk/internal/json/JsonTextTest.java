package ee.lmstudio.sdk.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forgiving reads, at their bounds. */
class JsonTextTest {
  private static JsonObject x(String value) {
    return JsonText.readObject("{\"x\":" + value + "}").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} x", "{}{}", "{},", "{}]", "nul", "{'a':1}", "NaN"})
  void whatIsNotOneValue_isNoJson(String text) {
    assertThat(JsonText.read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " {} \n", "[]", "1", "\"a\"", "null", "true"})
  void oneValue_isRead(String text) {
    assertThat(JsonText.read(text))
        .hasValueSatisfying(v -> assertThat(v).hasToString(text.strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "9223372036854775808", "1e400", "\"1\"", "null", "[1]"})
  void whatIsNoWholeNumber_isNone(String value) {
    assertThat(JsonText.whole(x(value), "x")).isEmpty();
  }

  @Test
  void wholeNumber_mayBeAsLargeAsALong() {
    assertThat(JsonText.whole(x("9223372036854775807"), "x")).hasValue(Long.MAX_VALUE);
    assertThat(JsonText.whole(x("1e3"), "x")).hasValue(1000);
  }

  @Test
  void moment_isOfTheCalendar() {
    assertThat(JsonText.moment(x("0"), "x")).hasValue(Instant.EPOCH);
    assertThat(JsonText.moment(x("-1"), "x")).isEmpty();
    long last = Instant.MAX.getEpochSecond();
    assertThat(JsonText.moment(x(Long.toString(last)), "x")).hasValue(Instant.ofEpochSecond(last));
    assertThat(JsonText.moment(x(Long.toString(last + 1)), "x")).isEmpty();
  }

  @Test
  void seconds_haveAFractionAndABound() {
    assertThat(JsonText.seconds(x("0.25"), "x")).hasValue(Duration.ofMillis(250));
    assertThat(JsonText.seconds(x("-8999999999"), "x")).isPresent();
    assertThat(JsonText.seconds(x("9e9"), "x")).isEmpty();
    assertThat(JsonText.seconds(x("\"1\""), "x")).isEmpty();
  }
}
