package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.internal.http.Exchange;
import ee.lmstudio.sdk.internal.http.HttpTransport;
import ee.lmstudio.sdk.internal.http.StopSwitch;
import jakarta.ws.rs.client.Entity;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cancel ends the call in every phase, over TLS too, from platform and virtual threads. */
@Timeout(20)
class CancelTest {
  @ParameterizedTest(name = "{0}, TLS {1}, virtual thread {2}")
  @CsvSource({
    "CONNECTING, false, true",
    "CONNECTING, true, true",
    "CONNECTING, false, false",
    "CONNECTING, true, false",
    "HANDSHAKE, true, true",
    "HANDSHAKE, true, false",
    "HEADERS, false, true",
    "HEADERS, true, true",
    "HEADERS, false, false",
    "HEADERS, true, false",
    "READING, false, true",
    "READING, true, true",
    "READING, false, false",
    "READING, true, false",
  })
  void cancelInAnyPhase_endsTheCallAndClosesTheConnection(
      StalledServer.Phase phase, boolean tls, boolean virtual) throws Exception {
    try (StalledServer server = new StalledServer(phase, tls);
        HttpTransport transport = transportTo(server.url())) {
      StopSwitch stop = new StopSwitch();
      CountDownLatch firstEvent = new CountDownLatch(1);
      PostEventSource source =
          new PostEventSource(
              transport.request(
                  "v1/chat/completions",
                  "text/event-stream",
                  LmStudioSettings.defaults(),
                  new Exchange(stop, () -> {}, version -> {})),
              Entity.json("{}"),
              stop,
              new PostEventSource.Signals() {},
              Runnable::run);
      AtomicReference<Throwable> failed = new AtomicReference<>();
      CountDownLatch completed = new CountDownLatch(1);
      source.register(event -> firstEvent.countDown(), failed::set, completed::countDown);
      FutureTask<Void> reading = new FutureTask<>(source::open, null);
      Thread reader = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(reading);

      server.awaitPhase(firstEvent);
      source.close();
      reading.get();
      reader.join();
      assertThat(failed).hasNullValue();
      assertThat(completed.getCount()).as("a cancel completes the source").isZero();
      assertThatThrownBy(stop::throwIfStopped).isInstanceOf(CancelledException.class);

      server.awaitClosedByClient();
      assertThat(source.isOpen()).isFalse();
    }
  }

  private static HttpTransport transportTo(URI url) {
    return new HttpTransport(LmStudioSettings.builder().baseUrl(url).verifyTls(false).build());
  }
}
