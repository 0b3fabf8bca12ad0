package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.ROOT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.ServerUsage;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The packaged server with a small heap. One caller attaches as many listeners as it may, and none
 * of them reads. Another caller notices nothing.
 */
@Timeout(180)
class HostileListenersIT {
  private static final int PER_STREAM = 300;
  private static final int PER_CALLER = 320;
  private static final int PIECES = 15 * 16;
  private static final String PIECE = "0123456789abcdef".repeat(4096);

  /** Two streams, and the listeners; a copy of a stream for each listener would be 4,500 MB. */
  private static final long MOST_BYTES = 90L << 20;

  /** Most of them while all listeners are attached, some while they attach. */
  private static final int ROUNDS = 60;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static SocketSimulator lmStudio;
  private static Bundle server;

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
                Api.TOKENS,
                "LM_STUDIO_MAX_LISTENERS_PER_STREAM",
                "" + PER_STREAM,
                "LM_STUDIO_MAX_LISTENERS_PER_CALLER",
                "" + PER_CALLER));
    assertThat(server.awaitReady()).as(() -> String.join("\n", server.output())).isTrue();
  }

  @AfterAll
  static void stop() {
    server.close();
    lmStudio.close();
  }

  @Test
  void listenersThatNeverRead_areBoundedAndNobodyElseNotices() throws Exception {
    String large = longStream();
    String second = longStream();
    for (int i = 0; i < 50; i++) {
      // Afterwards no class is loaded for the first time.
      get(PayaraServer.BOB, "models");
      get(PayaraServer.ALICE, "streams");
    }
    long before = liveHeap();
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<List<Long>> bystander = CompletableFuture.supplyAsync(() -> serves(enough));
    List<Socket> never = new ArrayList<>();
    try {
      attach(never, large, PER_STREAM);
      assertLimited(large, "lm-studio.max-listeners-per-stream");
      attach(never, second, PER_CALLER - PER_STREAM);
      assertLimited(second, "lm-studio.max-listeners-per-caller");
      enough.set(true);
      List<Long> millis = bystander.get().stream().sorted().toList();
      assertThat(millis.get(millis.size() / 2)).as("of %s", millis).isLessThanOrEqualTo(300);

      assertThat(liveHeap() - before).as("bytes of heap").isLessThan(MOST_BYTES);
    } finally {
      enough.set(true);
      for (Socket socket : never) {
        socket.close();
      }
    }
    long end = System.nanoTime() + Api.LIMIT.toNanos();
    while (liveHeap() - before > MOST_BYTES / 6) {
      assertThat(System.nanoTime()).as("heap is not released").isLessThan(end);
    }
    assertThat(get(PayaraServer.ALICE, "streams/" + large).body()).contains(PIECE);
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
            request(PayaraServer.ALICE, "infer")
                .header("Content-Type", JSON)
                .header("Accept", JSON)
                .POST(BodyPublishers.ofString(chat("\"model\":\"m\"")))
                .build(),
            BodyHandlers.ofString());
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = Api.data(begun).getString("stream_id");
    long end = System.nanoTime() + Api.LIMIT.toNanos();
    while (!status(id).equals("completed")) {
      assertThat(System.nanoTime()).as(status(id)).isLessThan(end);
    }
    return id;
  }

  private static String status(String id) throws Exception {
    HttpResponse<String> list = get(PayaraServer.ALICE, "streams");
    return Api.success(list).getJsonArray("data").getValuesAs(JsonObject.class).stream()
        .filter(stream -> stream.getString("stream_id").equals(id))
        .findFirst()
        .orElseThrow()
        .getString("status");
  }

  private static HttpRequest.Builder request(String token, String path) {
    return HttpRequest.newBuilder(server.url(ROOT + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> get(String token, String path) throws Exception {
    return CLIENT.send(request(token, path).build(), BodyHandlers.ofString());
  }

  /**
   * Reads liveness and models until told to stop, and {@link #ROUNDS} times at least. Returns how
   * long each took, in milliseconds.
   */
  private static List<Long> serves(AtomicBoolean enough) {
    List<Long> millis = new ArrayList<>();
    try {
      while (!enough.get() || millis.size() < ROUNDS) {
        long began = System.nanoTime();
        HttpRequest live =
            HttpRequest.newBuilder(server.url("health/live"))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertThat(CLIENT.send(live, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(get(PayaraServer.BOB, "models").statusCode()).isEqualTo(200);
        millis.add((System.nanoTime() - began) / 1_000_000);
      }
    } catch (Exception notServed) {
      throw new AssertionError("the other caller after " + millis, notServed);
    }
    return millis;
  }

  private static void attach(List<Socket> sockets, String id, int count) throws IOException {
    int first = sockets.size();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket();
      sockets.add(socket);
      socket.setReceiveBufferSize(4 * 1024);
      socket.setSoTimeout((int) Api.LIMIT.toMillis());
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
      String request =
          "GET /%sstreams/%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
              .formatted(ROOT, id, PayaraServer.ALICE, EVENTS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
    for (Socket socket : sockets.subList(first, sockets.size())) {
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  private static void assertLimited(String id, String setting) throws Exception {
    HttpResponse<String> refused =
        CLIENT.send(
            request(PayaraServer.ALICE, "streams/" + id).header("Accept", EVENTS).build(),
            BodyHandlers.ofString());
    assertThat(Api.code(refused, 429)).isEqualTo("rate_limited");
    assertThat(Api.error(refused).getString("hint")).contains(setting);
    assertThat(Api.header(refused, "Retry-After")).isEqualTo("1");
  }

  private static long liveHeap() throws Exception {
    return ServerUsage.of(server.pid()).heapBytes();
  }
}
