package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.HostNotAllowedException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** No connection, no generation: nothing is posted, and the hint says where LM Studio should be. */
@Timeout(60)
class UnreachableTest {
  private static RecordingObserver failToAsk(
      LmStudioSettings settings, Class<? extends Throwable> cause) {
    RecordingObserver observer = new RecordingObserver();
    try (LmStudio sdk = LmStudio.connect(settings)) {
      assertThatThrownBy(() -> sdk.createChatCompletion(ScriptedLmStudio.HELLO, observer))
          .isInstanceOfSatisfying(
              ConnectionException.class,
              error -> {
                URI url = settings.baseUrl();
                assertThat(error.hint()).contains(url.getHost() + ":" + url.getPort());
                assertThat(error.code()).isEqualTo("upstream_unreachable");
              })
          .hasCauseInstanceOf(cause);
    }
    assertThat(observer.told).containsExactly("handle", "failed(upstream_unreachable)");
    return observer;
  }

  private static LmStudioSettings.Builder at(String url) {
    return LmStudioSettings.builder().baseUrl(URI.create(url));
  }

  @Test
  void refused_isUnreachable() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    LmStudioSettings settings = at("http://127.0.0.1:" + free).build();
    failToAsk(settings, IOException.class);
    try (LmStudio sdk = LmStudio.connect(settings)) {
      assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("127.0.0.1:" + free);
      assertThatThrownBy(sdk::healthCheck).isInstanceOf(ConnectionException.class);
    }
  }

  /** Linux connects to no broadcast address: it says at once that no route leads there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void noRoute_isUnreachable() {
    failToAsk(
        at("http://127.255.255.255:1234").allowedHosts(List.of("127.255.255.255")).build(),
        SocketException.class);
  }

  @Test
  void nameNotFound_isUnreachable() {
    failToAsk(
        at("http://no-such-host.invalid:1234")
            .allowedHosts(List.of("no-such-host.invalid"))
            .build(),
        UnknownHostException.class);
  }

  @Test
  void tlsToAPlainServer_isUnreachable() {
    try (SocketSimulator plain = SocketSimulator.scripted()) {
      String url = plain.url().toString().replace("http:", "https:");
      failToAsk(at(url).build(), SSLException.class);
      failToAsk(at(url).verifyTls(false).build(), SSLException.class);
      assertThat(plain.generationsPosted()).isZero();
    }
  }

  @Test
  void tlsToAPlainServer_isExplained() {
    try (SocketSimulator plain = SocketSimulator.scripted();
        LmStudio sdk =
            LmStudio.connect(at(plain.url().toString().replace("http:", "https:")).build())) {
      assertThatThrownBy(() -> sdk.createChatCompletion(ScriptedLmStudio.HELLO))
          .isInstanceOfSatisfying(
              ConnectionException.class,
              error ->
                  assertThat(error.hint())
                      .isEqualTo(
                          "The server at 127.0.0.1:%1$d speaks HTTP without TLS. Set `baseUrl` to"
                                  .formatted(plain.url().getPort())
                              + " http://127.0.0.1:%d.".formatted(plain.url().getPort())));
    }
  }

  /** A connection that never stood carried no prompt: it may be tried again, once. */
  @Test
  void connectionThatFails_isTriedTwiceInAll() throws Exception {
    AtomicInteger accepted = new AtomicInteger();
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread closing = Thread.ofVirtual().start(() -> closeAll(server, accepted));
    failToAsk(at("https://127.0.0.1:" + server.getLocalPort()).build(), IOException.class);
    server.close();
    closing.join();
    assertThat(accepted).hasValue(2);
  }

  private static void closeAll(ServerSocket server, AtomicInteger accepted) {
    try {
      while (true) {
        server.accept().close();
        accepted.incrementAndGet();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** A first-token limit that is shorter than the connect limit says nothing about connecting. */
  @Test
  void connectLimit_isUnreachable() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FullBacklog backlog = new FullBacklog(full)) {
      Duration none = Duration.ZERO;
      Limits limits = new Limits(Duration.ofMillis(200), none, none, Duration.ofMillis(100), none);
      failToAsk(at("http://127.0.0.1:" + backlog.port()).limits(limits).build(), IOException.class);
    }
  }

  @Test
  void hostThatIsNotAllowed_isRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> LmStudio.connect(LmStudioSettings.at("http://192.0.2.1:1234")))
        .isInstanceOf(HostNotAllowedException.class)
        .hasMessageContaining("192.0.2.1");
  }
}
