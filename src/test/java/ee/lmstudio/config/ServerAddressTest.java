package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerAddressTest {

  private static ServerAddress listeningOn(String address) {
    ServerSettings settings =
        SettingsReader.read(
                name -> Optional.of(address).filter(x -> name.equals("lm-studio.listen-address")),
                List.of())
            .server();
    return new ServerAddress(() -> settings);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080",
    "0.0.0.0, http://127.0.0.1:8080",
    "::, http://127.0.0.1:8080",
    "10.0.0.5, http://10.0.0.5:8080",
    "::1, http://[0:0:0:0:0:0:0:1]:8080",
  })
  void address_isReachableFromThisMachine(String listen, String url) {
    ServerAddress address = listeningOn(listen);
    address.learnPort(8080);
    assertThat(address.http()).hasToString(url);
  }

  @Test
  void port_isLearnedOnce() {
    ServerAddress address = listeningOn("127.0.0.1");
    assertThat(address.isKnown()).isFalse();
    assertThatIllegalStateException().isThrownBy(address::http).withMessageContaining("port");
    address.learnPort(-1);
    assertThat(address.isKnown()).isFalse();
    address.learnPort(18080);
    address.learnPort(9);
    assertThat(address.http()).hasPort(18080);
  }
}
