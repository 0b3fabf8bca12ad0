package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StartupCheckTest {
  private final List<Integer> exits = new ArrayList<>();

  private static final Supplier<Settings> WRONG =
      () ->
          SettingsReader.read(
              name -> Optional.of("?").filter(x -> name.equals("lm-studio.port")), List.of());

  private static final Supplier<Settings> RIGHT =
      () -> SettingsReader.read(name -> Optional.empty(), List.of());

  @Test
  void wrongSettings_failTheDeployment() {
    assertThatThrownBy(() -> StartupCheck.check(WRONG, false, exits::add))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("lm-studio.port is '?'");
    assertThat(exits).isEmpty();
  }

  @Test
  void wrongSettings_endOurOwnProcess() {
    assertThatThrownBy(() -> StartupCheck.check(WRONG, true, exits::add))
        .isInstanceOf(InvalidSettingsException.class);
    assertThat(exits).containsExactly(StartupCheck.EXIT_CODE);
    assertThat(StartupCheck.EXIT_CODE).isNotZero();
  }

  @Test
  void rightSettings_start() {
    assertThatCode(() -> StartupCheck.check(RIGHT, true, exits::add)).doesNotThrowAnyException();
    assertThat(exits).isEmpty();
  }
}
