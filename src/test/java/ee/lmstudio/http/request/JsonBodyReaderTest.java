package ee.lmstudio.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyReaderTest {
  private static final int LIMIT = 100_000;

  private static JsonValue read(byte[] body, int limit) {
    return JsonBodyReader.read(new ByteArrayInputStream(body), -1, limit);
  }

  private static JsonValue read(String body) {
    return read(body.getBytes(StandardCharsets.UTF_8), LIMIT);
  }

  private static void assertRefused(byte[] body, int limit, ErrorCode code) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(body, limit))
        .satisfies(refused -> assertThat(refused.error().code()).isEqualTo(code));
  }

  private static void assertMalformed(String body) {
    assertRefused(body.getBytes(StandardCharsets.UTF_8), LIMIT, ErrorCode.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " [1, \"a\"] ", "\"text\"", "12.5e3", "true", "null", "\r\n{}\n"})
  void json_isRead(String body) throws Exception {
    assertThat(read(body)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "[1,]",
        "{}{}",
        "{} x",
        "{},",
        "[1] 2",
        "nul",
        "1e99999999999",
        "[-1.5e-99999999999]",
        "NaN",
        "Infinity",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "\"abc",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "// c\n{}",
        "\ufeff{}",
        "\u0000",
        "{}\u0000",
        "]["
      })
  void noJson_isMalformed(String body) {
    assertMalformed(body);
  }

  @Test
  void noUtf8_isMalformed() {
    for (byte[] body :
        new byte[][] {
          {'"', (byte) 0xC3, '"'},
          {'"', (byte) 0xFF, '"'},
          {'"', (byte) 0xC0, (byte) 0x80, '"'},
          {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
          "{}".getBytes(StandardCharsets.UTF_16)
        }) {
      assertRefused(body, LIMIT, ErrorCode.MALFORMED_JSON);
    }
  }

  @Test
  void size_isBounded() {
    byte[] body = "[1234]".getBytes(StandardCharsets.US_ASCII);
    assertThat(read(body, body.length)).isNotNull();
    assertThat(read(body, Integer.MAX_VALUE)).isNotNull();
    assertRefused(body, body.length - 1, ErrorCode.PAYLOAD_TOO_LARGE);
  }

  /** Nothing of it is read: it may never come. */
  @Test
  void statedSize_isEnough() {
    InputStream never =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("It was read");
          }
        };
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> JsonBodyReader.read(never, LIMIT + 1, LIMIT))
        .satisfies(e -> assertThat(e.error().code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
  }

  @Test
  void bodyThatBreaksOff_isTheClientsFault() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Connection reset");
          }
        };
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> JsonBodyReader.read(broken, 7, LIMIT))
        .satisfies(e -> assertThat(e.error().code()).isEqualTo(ErrorCode.MALFORMED_REQUEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udfff\"",
        "\"a\\ud83db\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83d\\ud83d\\ude00\"",
        "\"\\ude00\\ud83d\"",
        "{\"\\uD800\":1}"
      })
  void halfCharacter_isMalformed(String body) {
    assertMalformed(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\ud83d\\ude00\"", "\"\uD83D\uDE00\"", "\"\\\\ud800\"", "\"\\u0041\""})
  void wholeCharacter_isRead(String body) {
    assertThat(read(body)).isNotNull();
  }

  @Test
  void depth_isBounded() {
    assertThat(read("[".repeat(64) + "]".repeat(64))).isNotNull();
    assertThat(read("{\"a\":".repeat(64) + "1" + "}".repeat(64))).isNotNull();
    assertMalformed("[".repeat(65) + "]".repeat(65));
    assertMalformed("{\"a\":".repeat(65) + "1" + "}".repeat(65));
    assertMalformed("[".repeat(LIMIT));
    assertThat(read("[" + "[],".repeat(1_000) + "[]]")).as("side by side").isNotNull();
  }

  @Test
  void bracketsInTexts_nestNothing() {
    assertThat(read("\"" + "[{".repeat(200) + "\"")).isNotNull();
    assertThat(read("\"\\\"" + "[{".repeat(200) + "\"")).isNotNull();
    assertMalformed("[\"\\\\\"," + "[".repeat(64) + "]".repeat(64) + "]");
  }

  @Test
  void digits_areBounded() {
    assertThat(read("1" + "0".repeat(999))).isInstanceOf(JsonNumber.class);
    assertThat(read("-0." + "1".repeat(999))).isInstanceOf(JsonNumber.class);
    assertMalformed("1" + "0".repeat(1000));
    assertMalformed("0." + "1".repeat(1000));
    assertMalformed("{\"a\":[1e" + "1".repeat(1001) + "]}");
    assertThat(read("\"" + "1".repeat(2000) + "\"")).as("a text").isNotNull();
    assertThat(read("[" + "1234567890,".repeat(200) + "1]")).as("many numbers").isNotNull();
  }
}
