package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayaraMicroPortTest {

  @Test
  void otherServerThanPayaraMicro_tellsNoPort() {
    assertThat(PayaraMicroPort.find()).isEmpty();
  }
}
