package ee.lmstudio.health;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.simulator.SimulatedModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Requests of this server to itself, in every dialect. */
final class SelfCalls implements AutoCloseable {
  /** How many requests run at the same time. */
  private static final int AT_ONCE = 64;

  /** The threads of the HTTP client, which only pass bytes on. */
  private static final int CLIENT_THREADS = 2;

  private static final String MESSAGES =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Write a short text.\"}],\"max_tokens\":20";

  private static final String RESPONSE =
      "{\"stream\":true,\"model\":\"%s\",\"input\":\"Write a short text.\",\"max_output_tokens\":20}"
          .formatted(SimulatedModel.DEFAULTS.getFirst().id());

  /** How long one request may take. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          CLIENT_THREADS, Thread.ofPlatform().daemon().name("lmstudio-self-client").factory());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();
  private final List<HttpRequest> requests;

  /** Takes as much time as hundreds of tokens, so it is requested once. */
  private final HttpRequest page;

  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicReference<String> problem = new AtomicReference<>();
  private final long begun = System.nanoTime();

  /**
   * @param server the address of this server, without a trailing slash
   * @param key an access token
   */
  SelfCalls(URI server, String key) {
    String streamed = "{\"stream\":true," + MESSAGES + "}";
    String whole = "{" + MESSAGES + "}";
    HttpRequest stream = post(server, key, RouteTable.LM_STUDIO_API + "/infer", streamed);
    HttpRequest chat = post(server, key, RouteTable.OPENAI_ROOT + "/chat/completions", streamed);
    // Most callers stream, so most of the time goes into that.
    requests =
        List.of(
            stream,
            chat,
            stream,
            post(server, key, RouteTable.LM_STUDIO_API + "/infer", whole),
            stream,
            chat,
            stream,
            post(server, key, RouteTable.OPENAI_ROOT + "/chat/completions", whole),
            stream,
            post(server, key, RouteTable.OPENAI_ROOT + "/responses", RESPONSE),
            get(server, key, RouteTable.LM_STUDIO_API + "/streams"));
    page = get(server, key, RouteTable.DEMO);
  }

  private static HttpRequest get(URI server, String key, String path) {
    return to(server, key, path).GET().build();
  }

  private static HttpRequest post(URI server, String key, String path, String body) {
    return to(server, key, path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest.Builder to(URI server, String key, String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + key);
  }

  void run(Duration duration, Duration toEnd) throws InterruptedException {
    long until = begun + duration.toNanos();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      int first = i;
      callers.add(
          Thread.ofVirtual().name("lmstudio-self-call").start(() -> callUntil(until, first)));
    }
    long end = until + toEnd.toNanos();
    try {
      for (Thread caller : callers) {
        caller.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } finally {
      callers.forEach(Thread::interrupt);
    }
  }

  private void callUntil(long until, int first) {
    try {
      if (first == 0) {
        call(page);
      }
      for (int i = first; System.nanoTime() - until < 0; i++) {
        call(requests.get(i % requests.size()));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void call(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      answered.incrementAndGet();
      if (answer.statusCode() != 200) {
        failed(request, "status " + answer.statusCode());
      } else if (answer.body().contains("event: failed")) {
        failed(request, "the stream has failed");
      }
    } catch (IOException e) {
      failed(request, e.toString());
    }
  }

  private void failed(HttpRequest request, String how) {
    refused.incrementAndGet();
    String text = request.uri().getPath() + ": " + how;
    problem.updateAndGet(first -> first == null ? text : first);
  }

  /** Returns what was done, for the log. */
  String report() {
    String failures =
        refused.get() == 0 ? "" : ", of which " + refused + " failed (" + problem.get() + ")";
    return "The server has warmed itself in %d ms with %d requests%s"
        .formatted((System.nanoTime() - begun) / 1_000_000, answered.get(), failures);
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
