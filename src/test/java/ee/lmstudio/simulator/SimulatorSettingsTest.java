package ee.lmstudio.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorSettingsTest {

  @ParameterizedTest
  @CsvSource({"0.2.17, 0.2.17", "0.3.x, 0.3.30", "0.4.x, 0.4.24", "0.3.6, 0.3.6"})
  void version_isRead(String text, String version) {
    assertThat(SimulatedVersion.parse(text)).hasToString(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0.0", "0.5.0", "0.4", "0.4.2222", "latest"})
  void unknownVersion_isRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> SimulatedVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("0.4.x");
  }

  @Test
  void valuesOutOfRange_areRefusedByName() {
    SimulatorSettings settings = SimulatorSettings.defaults();
    SimulatedModel model = SimulatedModel.DEFAULTS.get(0);
    assertRefused(() -> new Speed(-1, Duration.ZERO), "tokensPerSecond");
    assertRefused(() -> new Speed(Double.NaN, Duration.ZERO), "tokensPerSecond");
    assertRefused(() -> new Speed(1, Duration.ofMillis(-1)), "firstToken");
    assertRefused(() -> settings.withModels(List.of()), "models");
    assertRefused(() -> settings.withModels(List.of(model, model)), "'sim-chat' twice");
    assertRefused(() -> new SimulatedModel(" ", model.kind(), Duration.ZERO, 1), "id");
    assertRefused(() -> new SimulatedModel("x", model.kind(), Duration.ofNanos(-1), 1), "loadTime");
    assertRefused(() -> new SimulatedModel("x", model.kind(), Duration.ZERO, 0), "contextLength");
  }

  private static void assertRefused(Runnable construction, String named) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
