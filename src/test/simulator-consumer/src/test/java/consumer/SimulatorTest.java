package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ee.lmstudio.simulator.junit.LmStudioSimulator;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A test of somebody else that uses the simulator's JUnit extension. */
@LmStudioSimulator(version = "0.3.30")
class SimulatorTest {

  @Test
  void simulator_isPassedToTheTest(SocketSimulator lmStudio)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest request = HttpRequest.newBuilder(lmStudio.url().resolve("/v1/models")).build();
      String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      assertTrue(answer.contains("sim-chat"), answer);
      assertEquals(1, lmStudio.requests().size());
    }
  }
}
