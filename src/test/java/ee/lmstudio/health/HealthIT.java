package ee.lmstudio.health;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /health} of the packaged server, while LM Studio goes away and comes back. */
@Timeout(120)
class HealthIT {
  /** How soon {@code /health/ready} follows LM Studio. */
  private static final Duration FOLLOWS = Duration.ofSeconds(10);

  private static final int BURST = 200;
  private static final String MODELS = "api/v1/ai/lmstudio/models";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private SocketSimulator lmStudio;

  @BeforeEach
  void startLmStudio() {
    lmStudio = start(0);
  }

  @AfterEach
  void stopLmStudio() {
    lmStudio.close();
  }

  private static SocketSimulator start(int port) {
    SimulatorSettings settings = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    return port == 0 ? SocketSimulator.start(settings) : SocketSimulator.start(settings, port);
  }

  private Bundle server(String readiness) throws Exception {
    return Bundle.startSmall(
        Map.of("LM_STUDIO_BASE_URL", lmStudio.url().toString(), "LM_STUDIO_READINESS", readiness));
  }

  private static HttpRequest request(Bundle server, String path) {
    return HttpRequest.newBuilder(server.url(path))
        .timeout(Api.LIMIT)
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .build();
  }

  private static HttpResponse<String> get(Bundle server, String path) throws Exception {
    return CLIENT.send(request(server, path), BodyHandlers.ofString());
  }

  private static void awaitReadiness(Bundle server, int status) throws Exception {
    long end = System.nanoTime() + FOLLOWS.toNanos();
    HttpResponse<String> last = get(server, "health/ready");
    while (last.statusCode() != status && System.nanoTime() - end < 0) {
      last = get(server, "health/ready");
    }
    assertThat(last.statusCode()).as(last.body()).isEqualTo(status);
  }

  @Test
  void readiness_followsLmStudioBothWaysAndABurstAsksItOnce() throws Exception {
    int port = lmStudio.url().getPort();
    try (Bundle server = server("upstream")) {
      awaitReadiness(server, 200);
      assertThat(get(server, "health/started").statusCode()).isEqualTo(200);
      assertThat(get(server, MODELS).statusCode()).isEqualTo(200);

      lmStudio.close();
      awaitReadiness(server, 503);
      assertThat(get(server, "health/ready").body())
          .contains("\"reason\":\"upstream_unreachable\"");
      assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
      assertThat(get(server, "health/started").statusCode()).isEqualTo(200);

      lmStudio = start(port);
      awaitReadiness(server, 200);

      lmStudio.forgetRequests();
      List<CompletableFuture<HttpResponse<String>>> burst =
          Stream.generate(() -> request(server, "health/ready"))
              .limit(BURST)
              .map(asked -> CLIENT.sendAsync(asked, BodyHandlers.ofString()))
              .toList();
      assertThat(burst).allSatisfy(answer -> assertThat(answer.get().statusCode()).isEqualTo(200));
      assertThat(lmStudio.requests()).as("one check for each 2 s").hasSizeLessThan(BURST / 10);
    }
  }

  @Test
  void readinessOfTheServerAlone_staysAndTheStoredListIsServed() throws Exception {
    try (Bundle server = server("self")) {
      awaitReadiness(server, 200);
      String list = get(server, MODELS).body();
      assertThat(list).contains("\"stale\":false");

      lmStudio.close();
      // Each request asks LM Studio, so the answer is stale from the first one on.
      HttpResponse<String> stored = get(server, MODELS);
      assertThat(stored.statusCode()).isEqualTo(200);
      assertThat(stored.body()).contains("\"stale\":true", "\"id\":\"sim-chat\"");
      awaitReadiness(server, 200);
    }
  }
}
