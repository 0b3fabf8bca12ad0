package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatwgUtf8Test {
  /**
   * The first and the last of each length and range of the Encoding Standard, and what is just
   * beyond; {@code ?} is U+FFFD.
   */
  @ParameterizedTest
  @CsvSource({
    "00, U+0",
    "7F, U+7F",
    "80, ?",
    "BF, ?",
    "C1 80, ? ?",
    "C2 80, U+80",
    "C2 BF, U+BF",
    "C2 7F, ? U+7F",
    "C2 C0, ? ?",
    "DF BF, U+7FF",
    "C2, ?",
    "E0 9F BF, ? ? ?",
    "E0 A0 80, U+800",
    "E1 80 80, U+1000",
    "E1 80, ?",
    "E1 80 41, ? U+41",
    "EC BF BF, U+CFFF",
    "ED 9F BF, U+D7FF",
    "ED A0 80, ? ? ?",
    "EE 80 80, U+E000",
    "EF BF BF, U+FFFF",
    "EF BF BD, U+FFFD",
    "F0 8F BF BF, ? ? ? ?",
    "F0 90 80 80, U+10000",
    "F1 80 80, ?",
    "F1 80 80 41, ? U+41",
    "F3 BF BF BF, U+FFFFF",
    "F4 8F BF BF, U+10FFFF",
    "F4 90 80 80, ? ? ? ?",
    "F5 80, ? ?",
    "FF, ?",
  })
  void sequence_isDecodedAsTheStandardSays(String hex, String expected) {
    String text =
        expected
            .replace("?", "U+FFFD")
            .transform(
                points ->
                    java.util.Arrays.stream(points.split(" "))
                        .map(point -> Character.toString(Integer.parseInt(point.substring(2), 16)))
                        .collect(java.util.stream.Collectors.joining()));
    byte[] alone = HexFormat.ofDelimiter(" ").parseHex(hex);
    assertThat(WhatwgUtf8.decode(alone, 0, alone.length)).isEqualTo(text);
    byte[] amid = HexFormat.ofDelimiter(" ").parseHex("61 FF " + hex + " FF 62");
    assertThat(WhatwgUtf8.decode(amid, 1, amid.length - 1))
        .as("beside what is malformed")
        .isEqualTo("\uFFFD" + text + "\uFFFD");
  }
}
