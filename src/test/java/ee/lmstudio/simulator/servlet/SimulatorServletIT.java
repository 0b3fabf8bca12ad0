package ee.lmstudio.simulator.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.SharedServer;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class SimulatorServletIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String HI =
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static HttpRequest.Builder request(PayaraServer server, String path) {
    return HttpRequest.newBuilder(server.url("simulator/" + path)).timeout(Duration.ofSeconds(60));
  }

  private static HttpRequest.Builder chat(PayaraServer server) {
    return request(server, "v1/chat/completions").POST(BodyPublishers.ofString(HI));
  }

  @Test
  void unknownRoute_isAnsweredAsByLmStudio(PayaraServer server) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(request(server, "nowhere").DELETE().build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("ETag")).isPresent();
    assertThat(response.body())
        .isEqualTo("{\"error\":\"Unexpected endpoint or method. (DELETE /nowhere)\"}");
  }

  @Test
  void head_isSentBeforeTheFirstToken(PayaraServer server) throws Exception {
    HttpRequest request =
        chat(server)
            .header("X-Simulator-First-Token-Ms", "20000")
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<InputStream> response = CLIENT.send(request, BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).as("the head does not wait for the body").isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    response.body().close();
  }

  @Test
  void threeHundredStreamsAtOnce_areAllWhole(PayaraServer server) {
    HttpRequest request =
        chat(server).header("X-Simulator-Answer", "one%20two%20three%20%C3%A4").build();
    List<CompletableFuture<HttpResponse<String>>> streams =
        IntStream.range(0, 300)
            .mapToObj(i -> CLIENT.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8)))
            .toList();
    assertThat(streams.stream().map(CompletableFuture::join).map(HttpResponse::body))
        .allSatisfy(body -> assertThat(body).contains("\" ä\"").endsWith("data: [DONE]\n\n"));
  }

  @Test
  void simulatorSwitchedOff_is404() {
    try (PayaraServer server =
        PayaraServer.builder()
            .config("lm-studio.simulator", "false")
            .config("lm-studio.base-url", "http://127.0.0.1:1")
            .start()) {
      HttpRequest request =
          request(server, "v1/models")
              .header("Authorization", "Bearer " + PayaraServer.ALICE)
              .build();
      assertThat(CLIENT.sendAsync(request, BodyHandlers.ofString()).join().statusCode())
          .isEqualTo(404);
    }
  }
}
