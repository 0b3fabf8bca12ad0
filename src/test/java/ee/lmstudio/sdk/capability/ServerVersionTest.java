package ee.lmstudio.sdk.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
  private static ServerVersion parse(String text) {
    return ServerVersion.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.21, 0, 2, 21, '', false",
    "0.4.0+, 0, 4, 0, '', true",
    "0.4.24+1, 0, 4, 24, +1, false",
    "0.2.17.5, 0, 2, 17, .5, false",
    "0.3.16 (Build 8), 0, 3, 16, ' (Build 8)', false",
    "1.2.3-beta.4, 1, 2, 3, -beta.4, false"
  })
  void version_isReadAndWrittenAsItWas(
      String text, int major, int minor, int patch, String build, boolean orLater) {
    assertThat(ServerVersion.parse(text))
        .hasValue(new ServerVersion(major, minor, patch, build, orLater));
    assertThat(parse(text)).hasToString(text);
  }

  @Test
  void letterAndBlanks_areNotPartOfIt() {
    assertThat(parse(" v0.3.5\n")).isEqualTo(ServerVersion.of(0, 3, 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "dev", "0.2", "0.2.x", "0.2.21.", "0.2.123456", "0.2.21<script>", "-1.2.3"})
  void otherText_isNone(String text) {
    assertThat(ServerVersion.parse(text)).isEmpty();
  }

  @Test
  void order_isByNumbersThenBuildThenBound() {
    List<ServerVersion> sorted =
        Stream.of("0.2.9", "0.2.18", "0.3.6", "0.3.6+", "0.3.30", "0.4.0+", "0.4.24+1", "1.0.0")
            .map(ServerVersionTest::parse)
            .toList();
    assertThat(sorted.reversed().stream().sorted()).isEqualTo(sorted);
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.18, 0.2.18, true",
    "0.2.17, 0.2.18, false",
    "0.2.9, 0.2.18, false",
    "0.10.0, 0.9.9, true",
    "1.0.0, 0.4.0, true",
    "0.4.0+, 0.4.0, true",
    "0.4.0-beta.1, 0.4.0, true"
  })
  void reaching_isByNumbersOnly(String version, String other, boolean reaches) {
    assertThat(parse(version).reaches(parse(other))).isEqualTo(reaches);
  }

  @Test
  void impossibleVersion_isRefused() {
    assertThatThrownBy(() -> ServerVersion.of(0, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.-1.0");
    assertThatThrownBy(() -> ServerVersion.of(-1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ServerVersion.of(0, 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ServerVersion(0, 4, 0, "+1", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("+1");
  }
}
