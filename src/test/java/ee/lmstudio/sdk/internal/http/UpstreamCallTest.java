package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.ConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamCallTest {
  static Stream<IOException> refusals() {
    return Stream.of(
        new NoRouteToHostException("No route to host"),
        new SocketException("Network is unreachable"),
        new PortUnreachableException(),
        new ConnectException("Connection refused"));
  }

  /** However the system says that nobody is there. */
  @ParameterizedTest
  @MethodSource("refusals")
  void connectionThatCannotBeMade_isTriedTwiceAndUnreachable(IOException refused) {
    AtomicInteger tries = new AtomicInteger();
    try (Upstream upstream =
            new Upstream(LmStudioSettings.at("http://127.0.0.1:1234"), Optional.empty());
        UpstreamCall call = upstream.generation(CallMethod.CREATE_COMPLETION)) {
      assertThatThrownBy(
              () ->
                  call.send(
                      () -> {
                        tries.incrementAndGet();
                        throw refused;
                      }))
          .isInstanceOfSatisfying(
              ConnectionException.class,
              error -> {
                assertThat(error.code()).isEqualTo("upstream_unreachable");
                assertThat(error.hint()).contains("127.0.0.1:1234");
              })
          .hasCause(refused);
    }
    assertThat(tries).hasValue(2);
  }
}
