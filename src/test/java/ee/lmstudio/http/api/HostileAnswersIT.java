package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.ROOT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The packaged server with a small heap. One caller asks for long answers, or for many short ones,
 * and reads none of them. Another caller is served as before.
 */
@Timeout(180)
class HostileAnswersIT {
  private static final int CONNECTIONS = 240;
  private static final int PIECES = 15 * 16;
  private static final String PIECE = "0123456789abcdef".repeat(4096);
  private static final int SAMPLES = 40;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static SocketSimulator lmStudio;
  private static Bundle server;

  private final List<Socket> never = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    server =
        Bundle.start(
            Bundle.JAR,
            Map.of(
                "JDK_JAVA_OPTIONS",
                "-Xmx512m",
                "APP_ENV",
                "local",
                "LM_STUDIO_BASE_URL",
                lmStudio.url().toString(),
                "LM_STUDIO_ACCESS_TOKENS",
                Api.TOKENS));
    assertThat(server.awaitReady()).as(() -> String.join("\n", server.output())).isTrue();
    for (int i = 0; i < SAMPLES; i++) {
      // Afterwards no class is loaded for the first time.
      get(PayaraServer.BOB, "models");
      get(PayaraServer.ALICE, "streams");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    lmStudio.close();
  }

  @AfterEach
  void leave() throws IOException {
    for (Socket socket : never) {
      socket.close();
    }
  }

  @Test
  void longStatesThatAreNotRead_disturbNobody() throws Exception {
    String id = longStream();
    for (int i = 0; i < CONNECTIONS; i++) {
      send(request("streams/" + id, JSON));
    }
    assertOthersNoticeNothing();
    for (Socket socket : never) {
      assertThat(beginning(socket)).isEqualTo("HTTP/1.1 200");
    }
    HttpResponse<String> whole = get(PayaraServer.ALICE, "streams/" + id);
    assertThat(Api.data(whole).getString("content")).isEqualTo(PIECE.repeat(PIECES));
  }

  /** Each answer is short, but the client sends further requests and reads none. */
  @Test
  void shortAnswersThatAreNotRead_holdNoThreadAndEndTheConnection() throws Exception {
    String requests = request("nothing-there", JSON).repeat(400);
    // Twice before it counts: a cold server needs seconds for a thousand requests of any caller.
    for (int round = 0; round < 3; round++) {
      leave();
      never.clear();
      for (int i = 0; i < CONNECTIONS; i++) {
        send(requests);
      }
      if (round == 2) {
        assertOthersNoticeNothing();
      }
      for (Socket socket : never) {
        assertEnds(socket);
      }
    }
  }

  @Test
  void requestsThatAreSentTogether_areAllAnswered() throws Exception {
    int requests = 7;
    Socket socket = send(request("nothing-there", JSON).repeat(requests));
    InputStream in = socket.getInputStream();
    StringBuilder answers = new StringBuilder();
    int ends = 0;
    for (int from = 0; ends < requests; ) {
      byte[] bytes = new byte[8192];
      int read = in.read(bytes);
      assertThat(read).as("after %d answers", ends).isPositive();
      answers.append(new String(bytes, 0, read, StandardCharsets.US_ASCII));
      for (int at; (at = answers.indexOf("\"}}", from)) >= 0; from = at + 1) {
        ends++;
      }
    }
    assertThat(answers.toString().split("HTTP/1.1 404", -1)).hasSize(requests + 1);
  }

  /** Alice's stream of 15 MB, which has ended. */
  private static String longStream() throws Exception {
    StringBuilder frames = new StringBuilder();
    for (int i = 0; i < PIECES; i++) {
      frames.append(Chunks.text(PIECE));
    }
    lmStudio.enqueue(
        "/v1/chat/completions", Script.respondWithEvents(frames.append(Chunks.end()).toString()));
    HttpResponse<String> begun =
        CLIENT.send(
            ask(PayaraServer.ALICE, "infer")
                .header("Content-Type", JSON)
                .header("Accept", EVENTS)
                .POST(BodyPublishers.ofString(chat("\"model\":\"m\"")))
                .build(),
            BodyHandlers.ofString());
    assertThat(begun.body()).contains("event: completed");
    return Api.success(get(PayaraServer.ALICE, "streams"))
        .getJsonArray("data")
        .getValuesAs(JsonObject.class)
        .get(0)
        .getString("stream_id");
  }

  private static HttpRequest.Builder ask(String token, String path) {
    return HttpRequest.newBuilder(server.url(ROOT + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> get(String token, String path) throws Exception {
    return CLIENT.send(ask(token, path).build(), BodyHandlers.ofString());
  }

  private static String request(String path, String accept) {
    return "GET /%s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
        .formatted(ROOT, path, PayaraServer.ALICE, accept);
  }

  /** Opens a connection of Alice's with little room for answers, and sends these bytes. */
  private Socket send(String bytes) throws IOException {
    Socket socket = new Socket();
    never.add(socket);
    socket.setReceiveBufferSize(4 * 1024);
    socket.setSoTimeout((int) Api.LIMIT.toMillis());
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String beginning(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }

  /** The connection ends, with or without a reset. */
  private static void assertEnds(Socket socket) throws IOException {
    byte[] bytes = new byte[8192];
    try {
      InputStream in = socket.getInputStream();
      int all = 0;
      for (int read; (read = in.read(bytes)) >= 0; all += read) {
        assertThat(all).as("bytes").isLessThan(400 * 500);
      }
    } catch (java.net.SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  /**
   * The median is the bystander's. The most depends on what else the machine does while the
   * requests arrive; the time limit of each request bounds it.
   */
  private static void assertOthersNoticeNothing() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      long began = System.nanoTime();
      assertThat(get(PayaraServer.BOB, "models").statusCode()).isEqualTo(200);
      millis.add((System.nanoTime() - began) / 1_000_000);
    }
    List<Long> sorted = millis.stream().sorted().toList();
    assertThat(sorted.get(SAMPLES / 2)).as("median of %s", millis).isLessThanOrEqualTo(300);
  }
}
