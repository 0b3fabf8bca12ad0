package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.socket.FaultName;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/guides/simulator.md lists every named fault. */
class SimulatorGuideTest {
  @ParameterizedTest
  @EnumSource
  void namedFault_isInTheGuide(FaultName name) throws Exception {
    String guide = Files.readString(Path.of("docs/guides/simulator.md"));
    String written = name.text().replaceFirst("^status(-(?!400))", "$1");
    assertThat(guide).contains("`" + written + "`");
  }
}
