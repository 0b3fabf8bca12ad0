package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTimeoutsTest {
  private static final String PLAIN = "ee.lmstudio.upstreams.CallTimeouts/plain/Timeout/value";
  private static final String WORK = "ee.lmstudio.upstreams.CallTimeouts/work/Timeout/value";

  @ParameterizedTest
  @CsvSource({"5s, 15000", "0s, 2592000000", "wrong, 70000", "'', 70000", ", 70000"})
  void plainTimeout_isTheLimitAndALittleMore(String limit, String millis) {
    Map<String, String> texts = new HashMap<>();
    texts.put("lm-studio.timeout", limit);
    assertThat(new GuardTimeouts(texts::get).getValue(PLAIN)).isEqualTo(millis);
  }

  @Test
  void workTimeout_followsTheGenerationLimit() {
    GuardTimeouts source = new GuardTimeouts(Map.of("lm-studio.generation-timeout", "1m")::get);
    assertThat(source.getValue(WORK)).isEqualTo("70000");
    assertThat(source.getValue("another")).isNull();
    assertThat(source.getPropertyNames()).containsExactlyInAnyOrder(PLAIN, WORK);
    assertThat(source.getName()).isNotBlank();
  }

  @Test
  void microProfileConfig_findsItAndHandWrittenValuesGoBefore() {
    assertThat(ServiceLoader.load(ConfigSource.class))
        .singleElement()
        .isInstanceOf(GuardTimeouts.class)
        .extracting(ConfigSource::getOrdinal)
        .isEqualTo(50);
  }
}
