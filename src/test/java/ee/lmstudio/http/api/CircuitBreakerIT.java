package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guard of plain calls, seen over HTTP: it opens, says so, and closes again. */
@Timeout(120)
class CircuitBreakerIT {
  private static final int CALLS_LOOKED_AT = 10;
  private static final Script FAILURE = Script.respondWithJson(500, "{\"error\":\"broken\"}");

  private static HttpResponse<String> get(PayaraServer server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.url(path))
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private static HttpResponse<String> models(PayaraServer server) throws Exception {
    return get(server, Api.ROOT + "models");
  }

  private static List<String> metrics(PayaraServer server) throws Exception {
    HttpResponse<String> metrics = get(server, "guard-metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    return metrics.body().lines().filter(line -> line.contains("CallTimeouts.plain")).toList();
  }

  @Test
  void lmStudioThatFailsOverAndOver_isLeftAloneForAWhile() throws Exception {
    SimulatorSettings fast = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    try (SocketSimulator lmStudio = SocketSimulator.start(fast);
        PayaraServer server =
            PayaraServer.builder()
                .config("lm-studio.simulator", "false")
                .config("lm-studio.base-url", lmStudio.url().toString())
                .config("lm-studio.max-retries", "0")
                .testClasses(GuardMetricsServlet.class)
                .start()) {
      for (int i = 0; i < CALLS_LOOKED_AT; i++) {
        lmStudio.enqueue("/v1/models", FAILURE);
        assertThat(code(models(server), 502)).isEqualTo("upstream_error");
      }
      int sent = lmStudio.requests().size();

      HttpResponse<String> open = models(server);
      assertThat(code(open, 502)).isEqualTo("upstream_unreachable");
      assertThat(Api.error(open).getString("message")).contains("kept failing", "Nothing was sent");
      assertThat(header(open, "Retry-After")).isEqualTo("5");
      assertThat(lmStudio.requests()).hasSize(sent);
      // What the breaker refused did not reach Fault Tolerance's timeout behind it.
      assertThat(metrics(server))
          .anyMatch(
              line ->
                  line.contains("ft.invocations.total")
                      && line.contains("exceptionThrown")
                      && line.endsWith(" = 10"));

      // The health check is not guarded: it is how one learns that LM Studio is back.
      assertThat(get(server, Api.ROOT + "health").statusCode()).isEqualTo(200);

      HttpResponse<String> later = models(server);
      while (later.statusCode() == 502) {
        later = models(server);
      }
      assertThat(later.statusCode()).as(later.body()).isEqualTo(200);
    }
  }

  @Test
  void wrongRequests_doNotOpenIt() throws Exception {
    try (PayaraServer server = PayaraServer.builder().start()) {
      for (int i = 0; i < 2 * CALLS_LOOKED_AT; i++) {
        assertThat(code(get(server, Api.ROOT + "models?cursor=x"), 422))
            .isEqualTo("validation_failed");
      }
      assertThat(models(server).statusCode()).isEqualTo(200);
    }
  }
}
