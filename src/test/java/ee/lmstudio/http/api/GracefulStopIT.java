package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.ServerUsage;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server is told to end while it streams. */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC})
class GracefulStopIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Not any path: after a second of silence the states of the models are asked for, too. */
  private static final String CHAT = "/v1/chat/completions";

  /** More than the buffers between the server and a client hold. */
  private static final String MUCH = "0123456789abcdef".repeat(40_000);

  private static final String ASK = chat("\"model\":\"m\"");

  @TempDir Path temporary;
  @TempDir Path cache;
  private SocketSimulator lmStudio;

  @BeforeEach
  void startLmStudio() {
    lmStudio = SocketSimulator.scripted();
  }

  @AfterEach
  void stopLmStudio() {
    lmStudio.close();
  }

  private Map<String, String> environment(String patience) {
    return Map.of(
        "APP_ENV",
        "local",
        "LM_STUDIO_BASE_URL",
        lmStudio.url().toString(),
        "LM_STUDIO_MAX_RETRIES",
        "0",
        "LM_STUDIO_STOP_PATIENCE",
        patience,
        "LM_STUDIO_ACCESS_TOKENS",
        "alice:" + PayaraServer.ALICE,
        "JAVA_TOOL_OPTIONS",
        "-Djava.io.tmpdir=" + temporary);
  }

  private static HttpRequest infer(Bundle bundle, String accept, String body) {
    return HttpRequest.newBuilder(bundle.url(Api.ROOT + "infer"))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  private static Listening listen(Bundle bundle) throws Exception {
    return new Listening(CLIENT.send(infer(bundle, EVENTS, ASK), BodyHandlers.ofInputStream()));
  }

  /** Asks until it is refused because the server stops; before that, LM Studio's error comes. */
  private static HttpResponse<String> firstRefusal(Bundle bundle) throws Exception {
    HttpResponse<String> response = send(infer(bundle, EVENTS, ASK));
    while (response.statusCode() == 502) {
      response = send(infer(bundle, EVENTS, ASK));
    }
    return response;
  }

  private static void assertReady(Bundle bundle) throws Exception {
    assertThat(bundle.awaitReady()).as(() -> String.join("\n", bundle.output())).isTrue();
  }

  private void assertNothingIsLeft() throws Exception {
    try (Stream<Path> left = Files.list(temporary)) {
      // The JVM's own, named after its user.
      assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata")))
          .isEmpty();
    }
  }

  @Test
  void streamsThatEndInTime_areReadToTheirEnd() throws Exception {
    lmStudio.enqueue(
        CHAT,
        Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall().body(Chunks.end()));
    lmStudio.enqueue(
        CHAT,
        Script.respondWith(200, EVENTS)
            .body(Chunks.text("a"))
            .thenStall()
            .body(Chunks.text(MUCH))
            .body(Chunks.end()));
    try (Bundle bundle = Bundle.start(Bundle.JAR, environment("60s"))) {
      assertReady(bundle);
      CompletableFuture<HttpResponse<String>> whole =
          CLIENT.sendAsync(
              infer(bundle, JSON, chat("\"model\":\"m\"", "\"stream\":false")),
              BodyHandlers.ofString());
      assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
      try (Listening listener = listen(bundle).readUntilEvent("delta");
          Socket behind = listensWithoutReading(bundle, listener.streamId())) {
        assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
        bundle.signal("TERM");

        HttpResponse<String> refused = firstRefusal(bundle);
        assertThat(Api.code(refused, 503)).isEqualTo("overloaded");
        assertThat(Api.header(refused, "Retry-After")).isEqualTo("1");

        lmStudio.release();
        lmStudio.release();
        CompletableFuture<String> late = CompletableFuture.supplyAsync(() -> rest(behind));
        List<Event> events = listener.readAll().events();
        assertThat(EventText.names(events)).endsWith("delta", "completed");
        assertThat(EventText.shown(events)).isEqualTo("a" + MUCH);
        assertThat(late.get()).endsWith("\r\n0\r\n\r\n");
        String body = late.get().replaceAll("\r\n\\p{XDigit}+\r\n", ""); // Without chunk sizes.
        assertThat(body).contains(MUCH, "event: completed");
        assertThat(Api.data(whole.get()).getString("content")).isEqualTo("a");
      }
      assertThat(bundle.awaitReady()).as("the end of its output").isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(128 + 15);
      assertNothingIsLeft();
    }
  }

  /** What a shell runs in the background inherits from it to ignore interrupts, and so do we. */
  private static boolean interruptsAreHeard() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return true;
    }
    try (Stream<String> lines = Files.lines(status)) {
      String ignored = lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
      return (Long.parseUnsignedLong(ignored.split("\\s+")[1], 16) & 0b10) == 0;
    }
  }

  @Test
  void streamThatGoesOn_isCancelledByShutdown() throws Exception {
    boolean interrupts = interruptsAreHeard();
    lmStudio.enqueue(
        CHAT,
        Script.respondWith(200, EVENTS)
            .body(Chunks.text("a"))
            .body(Chunks.text(MUCH))
            .thenStayOpen());
    Map<String, String> environment = new HashMap<>(environment("2s"));
    environment.put("LM_STUDIO_KEEP_ALIVE", "200ms");
    environment.put("LM_STUDIO_STREAM_RETENTION", "1s");
    environment.put("LM_STUDIO_MAX_LISTENERS_PER_STREAM", "2");
    try (Bundle bundle = Bundle.serve(cache, environment)) {
      assertReady(bundle);
      // Payara's own launcher sets these, and bin/serve does not use it.
      assertThat(ServerUsage.systemProperties(bundle.pid()))
          .contains("jdk.tls.rejectClientInitiatedRenegotiation=true");
      try (Listening listener = listen(bundle).readUntil(text -> text.contains(MUCH))) {
        awaitThatListenerWhoReadsNothingIsCutOff(bundle, listener.streamId());
        bundle.signal(interrupts ? "INT" : "TERM");
        // The JVM hears of each signal on a thread of its own: not before the first was heard.
        assertThat(Api.code(firstRefusal(bundle), 503)).isEqualTo("overloaded");
        bundle.signal("TERM");

        List<Event> events = EventText.withoutProgress(listener.readAll().events());
        assertThat(EventText.names(events))
            .containsExactly("started", "delta", "delta", "cancelled");
        assertThat(events.get(3).text("by")).isEqualTo("shutdown");
        assertThat(lmStudio.awaitStreamClosedByClient(LIMIT)).isTrue();
      }
      assertThat(bundle.awaitReady()).as("the end of its output").isFalse();
      assertThat(bundle.awaitExit()).isEqualTo(128 + (interrupts ? 2 : 15));
      assertThat(String.join("\n", bundle.output()))
          .as("the listener that was cut off is not waited for")
          .doesNotContain("cut off");
      assertNothingIsLeft();
    }
  }

  private static String rest(Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Attaches a second listener, and others until the server has a place for one again. */
  private static void awaitThatListenerWhoReadsNothingIsCutOff(Bundle bundle, String id)
      throws Exception {
    HttpRequest attach =
        HttpRequest.newBuilder(bundle.url(Api.ROOT + "streams/" + id))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .header("Accept", EVENTS)
            .build();
    Socket deaf = listensWithoutReading(bundle, id);
    try (deaf) {
      int status = 429;
      while (status == 429) {
        HttpResponse<InputStream> another = CLIENT.send(attach, BodyHandlers.ofInputStream());
        another.body().close();
        status = another.statusCode();
      }
      assertThat(status).isEqualTo(200);
    }
  }

  private static Socket listensWithoutReading(Bundle bundle, String id) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", bundle.port()));
    String request =
        "GET /%sstreams/%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                .formatted(Api.ROOT, id, PayaraServer.ALICE)
            + "Accept: text/event-stream\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    assertThat(in.read()).as("it listens").isEqualTo('H');
    return socket;
  }
}
