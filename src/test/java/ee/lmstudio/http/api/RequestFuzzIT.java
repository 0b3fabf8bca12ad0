package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.RawAnswerReader.Whole;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.ServerUsage;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests to both APIs of the packaged server that were valid before they were changed at random:
 * each gets an answer that the contract has, and afterwards the server holds what it held before.
 *
 * <p>A failure names its request: {@code -Dfuzz.seed=S -Dfuzz.first=N -Dfuzz.requests=1} sends it
 * again. Without these properties, the requests are the same ones each time.
 */
class RequestFuzzIT {
  /** A request with this text gets an ordinary answer. */
  static final String ORDINARY = "An ordinary question";

  private static final long SEED = Long.getLong("fuzz.seed", 2026);
  private static final long FIRST = Long.getLong("fuzz.first", 0);
  private static final int AT_ONCE = 8;
  private static final int WARM_UP = 400;
  private static final int ORDINARY_EVERY = 50;
  private static final int MOST_FAILURES = 25;

  /** Longer than each limit of this server, see {@link #start}. */
  private static final int LIMIT_MILLIS = 25_000;

  /** Where the log of the server is afterwards. */
  private static final Path LOG = Path.of("target", "request-fuzz.log");

  private static final Duration TO_SETTLE = Duration.ofSeconds(60);

  /** What caches, pools and classes take that only some requests need. */
  private static final long SPARE_BYTES = 16L << 20;

  private static OddLmStudio odd;
  private static SocketSimulator lmStudio;
  private static Bundle server;
  private static CompletableFuture<Boolean> log;

  private final AtomicReference<String> stream = new AtomicReference<>("0".repeat(32));
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws IOException {
    odd = new OddLmStudio();
    lmStudio = SocketSimulator.answering(odd).start();
    server =
        Bundle.startSmall(
            Map.of(
                "LM_STUDIO_BASE_URL", lmStudio.url().toString(),
                "LM_STUDIO_RELAY_PATHS", "/v1/rerank/listed",
                "LM_STUDIO_ENABLE_AUDIO", "true",
                "LM_STUDIO_ENABLE_IMAGES", "true",
                "LM_STUDIO_BODY_TIMEOUT", "2s",
                "LM_STUDIO_BREAKER_CALLS", "0",
                "LM_STUDIO_STREAM_RETRY_MS", "1",
                "LM_STUDIO_ORPHAN_GRACE", "2s",
                "LM_STUDIO_STREAM_RETENTION", "2s"));
    log = CompletableFuture.supplyAsync(RequestFuzzIT::readLog);
  }

  /** Reads the log to its end, so that the server never waits for its reader. */
  private static boolean readLog() {
    try {
      return server.awaitLineWith("OutOfMemoryError");
    } catch (IOException ended) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    lmStudio.close();
    log.get(30, TimeUnit.SECONDS);
    Files.write(LOG, server.output());
  }

  @Test
  @Timeout(120)
  void after1000ChangedRequests_serverIsAsBefore() throws Exception {
    holdsFor(Integer.getInteger("fuzz.requests", 1_000));
  }

  @Tag("thorough")
  @Test
  @Timeout(3600)
  void after100000ChangedRequests_serverIsAsBefore() throws Exception {
    holdsFor(Integer.getInteger("fuzz.requests", 100_000));
  }

  private void holdsFor(int requests) throws Exception {
    send(FIRST + 1_000_000, Math.min(WARM_UP, requests));
    awaitNoStreams();
    long before = ServerUsage.of(server.pid()).heapBytes();
    statuses.clear();
    send(FIRST, requests);
    System.out.println(
        "seed %d, requests by status: %s"
            .formatted(
                SEED,
                statuses.stream()
                    .collect(
                        Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting()))));
    assertThat(failures).as("seed %d", SEED).isEmpty();
    assertThat(odd.unexpected()).as("requests to LM Studio").isEmpty();
    awaitNoStreams();
    awaitHeap(before + SPARE_BYTES);
    assertThat(log).as("the log has no OutOfMemoryError").isNotDone();
  }

  private void send(long first, int requests) throws Exception {
    AtomicLong next = new AtomicLong(first);
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < AT_ONCE; client++) {
        running.add(
            clients.submit(
                () -> {
                  long index = next.getAndIncrement();
                  while (index < first + requests && failures.size() < MOST_FAILURES) {
                    send(index);
                    index = next.getAndIncrement();
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
  }

  private void send(long index) throws Exception {
    FuzzedRequest request = FuzzedRequest.of(SEED, index);
    byte[] sent = request.bytes(stream.get());
    Whole answer = null;
    try {
      answer = exchange(request, sent);
      if (index % ORDINARY_EVERY == 0) {
        ordinary();
      }
    } catch (SocketTimeoutException hangs) {
      failed(index, sent, "No whole answer within " + LIMIT_MILLIS + " ms");
    } catch (AssertionError | RuntimeException | IOException e) {
      failed(index, sent, e.toString());
    }
  }

  private Whole exchange(FuzzedRequest request, byte[] sent) throws IOException {
    boolean incomplete = request.lengthError > 0;
    Optional<Whole> answered =
        RawAnswerReader.exchange(
            server.port(), sent, request.method.equals("HEAD"), incomplete, LIMIT_MILLIS);
    if (answered.isEmpty()) {
      assertThat(incomplete).as("an incomplete request is the only one without an answer").isTrue();
      return null;
    }
    Whole answer = answered.get();
    statuses.add(answer.status());
    try {
      AnswerRules.check(request, answer);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          e
              + "\nAnswer: %d %s %s"
                  .formatted(answer.status(), answer.first("Content-Type"), answer.body()),
          e);
    }
    String id = answer.first("X-Stream-Id");
    String location = answer.first("Location");
    if (!id.isEmpty() || location.contains("/streams/")) {
      stream.set(id.isEmpty() ? location.substring(location.lastIndexOf('/') + 1) : id);
    }
    return answer;
  }

  private void failed(long index, byte[] sent, String what) {
    failures.add(
        "Seed %d, request %d: %s%n%s%n".formatted(SEED, index, what, FuzzedRequest.shown(sent)));
  }

  /** Requests that were not changed have their usual answers. */
  private void ordinary() throws IOException {
    String chat =
        "{\"stream\":false,\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(ORDINARY);
    for (String target : List.of("/" + Api.ROOT + "infer", "/v1/chat/completions")) {
      FuzzedRequest request = new FuzzedRequest("POST", target, chat);
      Whole answer = exchange(request, request.bytes(""));
      assertThat(answer.status()).as("an ordinary request: %s", answer).isEqualTo(200);
      assertThat(answer.body()).contains("\"content\":\"");
    }
  }

  private void awaitNoStreams() throws Exception {
    long end = System.nanoTime() + TO_SETTLE.toNanos();
    List<JsonObject> running = running();
    while (!running.isEmpty() || lmStudio.openStreams() > 0) {
      assertThat(System.nanoTime())
          .as("running streams %s, at LM Studio %d", running, lmStudio.openStreams())
          .isLessThan(end);
      running = running();
    }
  }

  private List<JsonObject> running() throws IOException {
    FuzzedRequest list = new FuzzedRequest("GET", "/" + Api.ROOT + "streams", "");
    Whole answer = exchange(list, list.bytes(""));
    return Api.json(answer.body()).getJsonArray("data").getValuesAs(JsonObject.class);
  }

  private static void awaitHeap(long most) throws Exception {
    long end = System.nanoTime() + TO_SETTLE.toNanos();
    ServerUsage now = ServerUsage.of(server.pid());
    while (now.heapBytes() > most) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%d bytes of heap, at most %d expected%n%s"
                .formatted(
                    now.heapBytes(),
                    most,
                    ServerUsage.histogram(server.pid())
                        .lines()
                        .limit(40)
                        .collect(Collectors.joining("\n"))));
      }
      now = ServerUsage.of(server.pid());
    }
  }
}
