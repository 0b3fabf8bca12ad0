package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.internal.http.Exchange;
import ee.lmstudio.sdk.internal.http.RequestMarks;
import ee.lmstudio.sdk.internal.http.StopSwitch;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.Configurable;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RestClientJsonTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");
  private static final RequestMarks MARKS =
      new RequestMarks(
          LmStudioSettings.defaults(), new Exchange(new StopSwitch(), () -> {}, version -> {}));

  /** The threads that configured the client's features, which they do when they initialise it. */
  private final List<Thread> initialising = new CopyOnWriteArrayList<>();

  private void connector(Configurable<?> client) {
    client.register((Feature) context -> initialising.add(Thread.currentThread()));
    client.register((ClientRequestFilter) request -> request.abortWith(Response.ok().build()));
  }

  @Test
  void firstCall_findsAnInitialisedClient() {
    try (RestClientJson connected = new RestClientJson(NOWHERE, this::connector)) {
      int status =
          CompletableFuture.supplyAsync(
                  () -> {
                    try (Response answer = connected.get("models", MARKS)) {
                      return answer.getStatus();
                    }
                  },
                  Thread::startVirtualThread)
              .join();
      assertThat(status).isEqualTo(200);
      assertThat(initialising).isNotEmpty().containsOnly(Thread.currentThread());
    }
  }
}
