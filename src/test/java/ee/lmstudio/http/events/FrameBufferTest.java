package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameBufferTest {
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());
  private static final String INTERESTING =
      "aZ0 \"\\/\b\f\n\r\t\0\u001f\u007f\u0080\u07ff\u0800\u2028\u2029\ud7ff\ue000\uffff"
          + "\ud800\udbff\udc00\udfff";

  private static String written(FrameBuffer buffer) throws CharacterCodingException {
    // A new decoder throws an exception for invalid UTF-8.
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(buffer.array(), 0, buffer.length()))
        .toString();
  }

  private static String roundTrip(String text) throws CharacterCodingException {
    String json = written(new FrameBuffer().jsonString(text));
    assertThat(json.chars().noneMatch(c -> c < 0x20 || c == 0x2028 || c == 0x2029))
        .as("no line ends in %s", json)
        .isTrue();
    try (JsonReader reader = READERS.createReader(new StringReader("[" + json + "]"))) {
      return reader.readArray().getString(0);
    }
  }

  @Test
  void anyText_isReadBackByAJsonParser() throws Exception {
    Random random = new Random(8785);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(
            random.nextInt(4) == 0
                ? (char) random.nextInt(0x10000)
                : INTERESTING.charAt(random.nextInt(INTERESTING.length())));
      }
      assertThat(roundTrip(text.toString())).isEqualTo(text.toString());
    }
  }

  @Test
  void everyCharacter_isReadBack() throws Exception {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x10000 ? 1 : 97) {
      String text = Character.toString(point);
      assertThat(roundTrip(text)).isEqualTo(text);
    }
  }

  @Test
  void unpairedSurrogate_isEscaped() throws Exception {
    assertThat(written(new FrameBuffer().jsonString("\ud83d!"))).isEqualTo("\"\\ud83d!\"");
    assertThat(written(new FrameBuffer().jsonString("\ude00\ud83d")))
        .isEqualTo("\"\\ude00\\ud83d\"");
    assertThat(written(new FrameBuffer().jsonString("\ud83d\ude00"))).isEqualTo("\"\ud83d\ude00\"");
  }

  @Test
  void largeText_growsAndIsGivenBack() throws Exception {
    String large = "é".repeat(200_000);
    FrameBuffer buffer = new FrameBuffer();
    assertThat(written(buffer.jsonString(large))).isEqualTo("\"" + large + "\"");
    buffer.clear();
    assertThat(buffer.array()).hasSizeLessThan(64 * 1024);
    assertThat(written(buffer.number(42).text("!"))).isEqualTo("42!");
  }
}
