package ee.lmstudio.hostile;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A stream of Alice with large tool calls that keeps growing, a token every 10 ms. So each of its
 * states differs from the one before, and the tool calls are joined in each.
 */
final class GrowingStream {
  private static final int PIECES = 32;
  private static final String PIECE = "x".repeat(64 * 1024);
  private static final int TOKENS = 12_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private GrowingStream() {}

  /** Starts the stream, waits until the server has the tool calls, and returns its path. */
  static String start(Attacker by) throws IOException, InterruptedException {
    Script script = Script.respondWith(200, "text/event-stream");
    String call = "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{%s}}]}";
    script.body(Chunks.delta(call.formatted("\"name\":\"f\"")));
    for (int i = 0; i < PIECES; i++) {
      script.body(Chunks.delta(call.formatted("\"arguments\":\"" + PIECE + "\"")));
    }
    for (int i = 0; i < TOKENS; i++) {
      script.thenPause(Duration.ofMillis(10)).body(Chunks.text("a"));
    }
    by.answer(script.thenStayOpen());
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest.Builder infer =
          request(by, Attacker.ROOT + "infer")
              .header("Content-Type", "application/json")
              .POST(
                  BodyPublishers.ofString(
                      "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}"));
      String path =
          client
              .send(infer.build(), BodyHandlers.ofString())
              .headers()
              .firstValue("Location")
              .orElseThrow();
      long end = System.nanoTime() + LIMIT.toNanos();
      HttpResponse<String> state;
      do {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError("The tool calls have not arrived");
        }
        state = client.send(request(by, path).build(), BodyHandlers.ofString());
      } while (state.body().length() < PIECES * PIECE.length());
      return path;
    }
  }

  private static HttpRequest.Builder request(Attacker by, String path) {
    return HttpRequest.newBuilder(by.server.url(path.substring(1)))
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .header("Accept", "application/json")
        .timeout(LIMIT);
  }
}
