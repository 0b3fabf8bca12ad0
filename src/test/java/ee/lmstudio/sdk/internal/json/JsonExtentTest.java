package ee.lmstudio.sdk.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonExtentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "[[]]", "\"}\"", "{\"a\":\"\\\\\"}", "{\"a\":\"{\\\"[\"}", "7", "null"})
  void value_isWholeOnlyAtItsEnd(String json) {
    JsonExtent extent = new JsonExtent();
    assertThat(extent.whole()).as("nothing came").isFalse();
    boolean bracketed = "{[\"".indexOf(json.charAt(0)) >= 0;
    for (int i = 0; i < json.length(); i++) {
      extent.feed(json.substring(i, i + 1));
      boolean last = i == json.length() - 1;
      assertThat(extent.whole()).as("%s to %d", json, i).isEqualTo(last || !bracketed);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{'a':[{'b':'c|{'a':[{'b':'c'}]}", "[{|[{}]", "{'a':'b\\|{'a':'b'}", "{}|{}"})
  void cutValue_isClosed(String cut, String closed) {
    assertThat(JsonExtent.closed(cut.replace('\'', '"'))).hasValue(closed.replace('\'', '"'));
  }

  @Test
  void cutValueThatIsNestedTooDeep_isNotClosed() {
    assertThat(JsonExtent.closed("[".repeat(64))).hasValue("[".repeat(64) + "]".repeat(64));
    assertThat(JsonExtent.closed("[".repeat(65))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'b':'c,d|{'a':{'b':'c,d'}}",
        "{'a':{'b':1,'c|{'a':{'b':1}}",
        "{'a':{'b':1},'c':nu|{'a':{'b':1}}",
        "[1,|[1]"
      })
  void cutValue_isReadWithoutItsIncompleteField(String cut, String read) {
    assertThat(JsonExtent.begun(cut.replace('\'', '"')).map(JsonValue::toString))
        .hasValue(read.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"a", "no JSON, none"})
  void textWithoutAWholeField_isNotRead(String cut) {
    assertThat(JsonExtent.begun(cut)).isEmpty();
  }
}
