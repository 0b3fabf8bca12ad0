package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

  @Test
  void connectionThatBreaksOff_isNotedAsLostOnce() {
    try (SocketSimulator server = SocketSimulator.scripted()) {
      server.enqueue("/use", Script.respondWithJson(200, "{}").cutAt(1));
      assertThat(losses(server.url(), (upstream, call) -> upstream.get("use", call))).isEqualTo(1);
    }
  }

  /** Another server may answer the second attempt. */
  @Test
  void connectionThatCannotBeMade_isNotedAsLostByEachAttempt() {
    URI url = URI.create("http://127.0.0.1:1234");
    assertThat(
            losses(
                url,
                (upstream, call) -> {
                  throw new ConnectException("Connection refused");
                }))
        .isEqualTo(2);
  }

  private interface Request {
    HttpAnswer send(Upstream upstream, UpstreamCall call) throws IOException;
  }

  private static int losses(URI url, Request request) {
    AtomicInteger losses = new AtomicInteger();
    try (Upstream upstream =
        new Upstream(LmStudioSettings.builder().baseUrl(url).build(), Optional.empty())) {
      upstream.guardBy(
          new Gate.Open() {
            @Override
            public void lost() {
              losses.incrementAndGet();
            }
          });
      try (UpstreamCall call = upstream.generation(CallMethod.CREATE_COMPLETION)) {
        assertThatThrownBy(() -> call.send(() -> request.send(upstream, call)))
            .isInstanceOf(ConnectionException.class);
      }
    }
    return losses.get();
  }
}
