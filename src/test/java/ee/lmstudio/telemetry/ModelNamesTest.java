package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelNamesTest {
  private final ModelNames names = new ModelNames();

  @Test
  void nameThatNeverAnswered_isOther() {
    assertThat(names.labelOf(Optional.of("made up"))).isEqualTo(ModelNames.OTHER);
    assertThat(names.labelOf(Optional.empty())).isEqualTo(ModelNames.NONE);
  }

  @Test
  void modelThatAnswered_hasItsOwnLabel() {
    names.answered("qwen");
    assertThat(names.labelOf(Optional.of("qwen"))).isEqualTo("qwen");
  }

  @Test
  void moreModelsThanTheLimit_areOther() {
    IntStream.range(0, ModelNames.MOST + 5).forEach(i -> names.answered("m" + i));
    assertThat(names.labelOf(Optional.of("m" + (ModelNames.MOST - 1)))).isEqualTo("m31");
    assertThat(names.labelOf(Optional.of("m" + ModelNames.MOST))).isEqualTo(ModelNames.OTHER);
  }

  @Test
  void nameThatIsTooLong_isOther() {
    String tooLong = "m".repeat(ModelNames.LONGEST + 1);
    names.answered(tooLong);
    assertThat(names.labelOf(Optional.of(tooLong))).isEqualTo(ModelNames.OTHER);
  }
}
