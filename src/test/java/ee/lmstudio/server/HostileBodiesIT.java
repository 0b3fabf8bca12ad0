package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.BodyShape;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One caller sends the largest bodies of every shape to the packaged server, with 512 MiB. */
@Timeout(300)
class HostileBodiesIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final int LARGE = (8 << 20) - 4000;
  private static final int SMALL_ANSWER = 64 << 10;
  private static final int BROKEN = 60;

  /** What is logged of one kind in a minute. */
  private static final int MOST_LINES = 20;

  /** As many unfinished bodies as one caller may have. */
  private static final int UNFINISHED = 64;

  private static Bundle bundle;

  @BeforeAll
  static void start() throws Exception {
    bundle = Bundle.startSmall();
  }

  @AfterAll
  static void logOfAllTests_hasNoDefectsAndFewLinesAboutBrokenRequests() throws Exception {
    try (Bundle ended = bundle) {
      assertServed();
      ended.signal("TERM");
      assertThat(ended.awaitLine("no line begins like this")).isFalse();
      assertThat(ended.output())
          .noneMatch(line -> line.contains("OutOfMemoryError") || line.contains("defect"))
          .noneMatch(line -> line.startsWith("\tat "))
          .filteredOn(line -> line.contains("was refused with status 400"))
          .hasSizeBetween(MOST_LINES, BROKEN - 1);
    }
  }

  private static HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(bundle.url("api/v1/ai/lmstudio/" + path))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json");
  }

  private static CompletableFuture<HttpResponse<String>> post(byte[] body) {
    HttpRequest request =
        request("infer", PayaraServer.ALICE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return CLIENT.sendAsync(request, BodyHandlers.ofString());
  }

  private static void assertServed() throws Exception {
    assertServed(Duration.ofMinutes(2));
  }

  private static void assertServed(Duration within) throws Exception {
    HttpRequest request = request("models", PayaraServer.BOB).timeout(within).build();
    HttpResponse<String> models = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(models.statusCode()).isEqualTo(200);
  }

  @Tag("thorough")
  @Test
  void largestBodiesOfAnyShape_getSmallAnswers() throws Exception {
    for (BodyShape shape : BodyShape.values()) {
      byte[] body = shape.ofSize(LARGE);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(post(body));
      }
      assertServed();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).as("%s", shape).isIn(202, 400, 413, 422, 429, 503);
        assertThat(answer.get().body()).hasSizeLessThan(SMALL_ANSWER);
      }
    }
  }

  /** The body's values take forty times its bytes. */
  @ParameterizedTest
  @EnumSource(names = {"NAMELESS_OBJECTS", "NAMED_OBJECTS"})
  void lastBytesOfManySmallBodiesAtOnce_leaveTheHeapToOthers(BodyShape shape) throws Exception {
    byte[] body = shape.ofSize(255 << 10);
    byte[] head =
        ("POST /api/v1/ai/lmstudio/infer HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                    .formatted(PayaraServer.ALICE)
                + "Accept: application/json\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n".formatted(body.length))
            .getBytes(US_ASCII);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < UNFINISHED; i++) {
        Socket socket = new Socket("127.0.0.1", bundle.port());
        sockets.add(socket);
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(body, 0, body.length - 1);
      }
      for (Socket socket : sockets) {
        socket.getOutputStream().write(body, body.length - 1, 1);
      }
      // Bodies of this size were once small, and nobody was answered for 30 s.
      assertServed(Duration.ofSeconds(15));
      for (Socket socket : sockets) {
        String status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
        assertThat(status).isIn("HTTP/1.1 422", "HTTP/1.1 503");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void brokenChunks_areRefusedAndLoggedInFewLines() throws Exception {
    byte[] broken =
        ("POST /api/v1/ai/lmstudio/infer HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                    .formatted(bundle.port(), PayaraServer.ALICE)
                + "Content-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "zz\r\n"
                + "{}\r\n")
            .getBytes(US_ASCII);
    for (int i = 0; i < BROKEN; i++) {
      try (Socket socket = new Socket("127.0.0.1", bundle.port())) {
        socket.getOutputStream().write(broken);
        socket.shutdownOutput();
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 400");
      }
    }
  }
}
