package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Recorded;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.FaultName;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Streams with a random fault of LM Studio's and a random habit of their listener, the same ones
 * each time: each ends as it should, and afterwards the server holds what it held before.
 */
class RandomFaultsIT {
  private static final long SEED = 3_2025;
  private static final int AT_ONCE = 16;
  private static final String ASK = chat("\"model\":\"sim-chat\"");
  private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
  private static final byte[] STREAM = Recorded.bytes("v1-stream-plain-include_usage-0.4.24.sse");

  /** 64 MiB each would be most of the time of this test; {@code BrokenStreamTest} has it. */
  private static final List<FaultName> FAULTS =
      Arrays.stream(FaultName.values()).filter(it -> it != FaultName.ENDLESS_COMMENTS).toList();

  /** What the listener does. */
  private enum Habit {
    READS_ALL,
    WANTS_IT_WHOLE,
    LEAVES,
    CANCELS,
    COMES_LATER
  }

  private static SocketSimulator lmStudio;
  private static PayaraServer server;

  @BeforeAll
  static void start() {
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    server =
        PayaraServer.builder()
            .config("lm-studio.simulator", "false")
            .config("lm-studio.base-url", lmStudio.url().toString())
            .config("lm-studio.max-retries", "1")
            .config("lm-studio.stream-retry-ms", "1")
            .config("lm-studio.first-token-timeout", "500ms")
            .config("lm-studio.idle-timeout", "200ms")
            .config("lm-studio.keep-alive", "200ms")
            .config("lm-studio.orphan-grace", "1s")
            .config("lm-studio.stream-retention", "1s")
            .testClasses(CountsServlet.class)
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
    lmStudio.close();
  }

  @Test
  @Timeout(120)
  void after300Streams_countsAreWhereTheyWere() throws Exception {
    countsReturnAfter(300);
  }

  @Tag("thorough")
  @Test
  @Timeout(1800)
  void after10000Streams_countsAreWhereTheyWere() throws Exception {
    countsReturnAfter(10_000);
  }

  private static void countsReturnAfter(int streams) throws Exception {
    Random random = new Random(SEED);
    // Pools of the container grow to what is needed at once; classes are loaded.
    ask(150, random);
    JsonObject before = quietCounts();
    ask(streams, random);
    awaitCounts(before);
    assertThat(lmStudio.openStreams()).isZero();
  }

  private static void ask(int streams, Random random) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        FaultName name = FAULTS.get(random.nextInt(FAULTS.size()));
        int at = name.isAtByte() ? random.nextInt(STREAM.length + 1) : 0;
        NamedFault fault = new NamedFault(name, at);
        Habit habit = Habit.values()[random.nextInt(Habit.values().length)];
        asked.add(
            callers.submit(
                () -> {
                  listen(client, fault, habit);
                  return null;
                }));
      }
      for (Future<?> one : asked) {
        one.get();
      }
    }
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.url(path))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + PayaraServer.ADMIN);
  }

  private static HttpRequest infer(String accept, String body) {
    return request(Api.ROOT + "infer")
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static void listen(HttpClient client, NamedFault fault, Habit habit) throws Exception {
    lmStudio.enqueue(
        "/v1/chat/completions", fault.in(Script.respondWith(200, EVENTS).body(STREAM)));
    switch (habit) {
      case READS_ALL -> endsOnce(fault, client.send(infer(EVENTS, ASK), BodyHandlers.ofString()));
      case WANTS_IT_WHOLE ->
          client.send(
              infer(JSON, chat("\"model\":\"m\"", "\"stream\":false")), BodyHandlers.ofString());
      case LEAVES -> {
        HttpResponse<InputStream> response =
            client.send(infer(EVENTS, ASK), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
          assertThat(in.read()).isNotNegative();
        }
      }
      case CANCELS -> {
        String path = Api.ROOT + "streams/" + begin(client);
        HttpResponse<String> cancelled =
            client.send(request(path).DELETE().build(), BodyHandlers.ofString());
        assertThat(cancelled.statusCode()).isEqualTo(200);
      }
      case COMES_LATER -> {
        String path = Api.ROOT + "streams/" + begin(client);
        endsOnce(
            fault,
            client.send(request(path).header("Accept", EVENTS).build(), BodyHandlers.ofString()));
      }
    }
  }

  private static String begin(HttpClient client) throws Exception {
    HttpResponse<String> begun = client.send(infer(JSON, ASK), BodyHandlers.ofString());
    assertThat(begun.statusCode()).isEqualTo(202);
    return Api.data(begun).getString("stream_id");
  }

  /** An error of ours, or events without a gap of which the last, and only it, is an end. */
  private static void endsOnce(NamedFault fault, HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      assertThat(Api.error(response).getString("code")).as("%s", fault).isNotBlank();
      return;
    }
    List<Event> events = EventText.events(response.body());
    EventText.assertWithoutGaps(events);
    assertThat(events).filteredOn(event -> ENDS.contains(event.name())).as("%s", fault).hasSize(1);
    assertThat(events.get(events.size() - 1).name()).as("%s", fault).isIn(ENDS);
  }

  private static JsonObject get(HttpClient client, String path) throws Exception {
    HttpResponse<String> response = client.send(request(path).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Api.json(response.body());
  }

  /** The counts when no stream is left that could be read. */
  private static JsonObject quietCounts() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String all = Api.ROOT + "streams?all=true";
      long end = System.nanoTime() + LIMIT.toNanos();
      JsonArray kept = get(client, all).getJsonArray("data");
      while (!kept.isEmpty()) {
        assertThat(System.nanoTime())
            .as("%d streams are still kept, of them %s", kept.size(), kept.get(0))
            .isLessThan(end);
        kept = get(client, all).getJsonArray("data");
      }
      return get(client, "counts");
    }
  }

  private static void awaitCounts(JsonObject before) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<String> more = more(before, quietCounts());
    while (!more.isEmpty()) {
      assertThat(System.nanoTime()).as("more than before: %s", more).isLessThan(end);
      more = more(before, quietCounts());
    }
  }

  /** What there is more of than before, and than chance explains. */
  private static List<String> more(JsonObject before, JsonObject after) {
    List<String> more = new ArrayList<>();
    for (String kind : List.of("objects", "threads", "held")) {
      JsonObject was = before.getJsonObject(kind);
      JsonObject is = after.getJsonObject(kind);
      for (String name : is.keySet()) {
        int grown = is.getInt(name) - was.getInt(name, 0);
        if (grown > chance(name)) {
          more.add("%s: %d, before %d".formatted(name, is.getInt(name), was.getInt(name, 0)));
        }
      }
    }
    return more;
  }

  /**
   * Ours that live as long as a stream, our threads and all virtual ones, and sockets: none. What
   * the container pools, and classes that are used for the first time: one for each caller.
   */
  private static int chance(String name) {
    boolean ofAStream =
        name.matches(
            "ee\\.lmstudio\\.(run|stream|upstreams|server|http\\.events|sdk\\.internal)\\.[^$]*");
    boolean ours = name.isEmpty() || name.startsWith("lmstudio-") || name.equals("sockets");
    return switch (name) {
      case "heap KiB" -> 8 * 1024;
      default -> ofAStream || ours ? 0 : AT_ONCE;
    };
  }
}
