package ee.lmstudio.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another caller, and a stranger who asks only for liveness. Both do again and again what ordinary
 * clients do, and measure how long each answer takes.
 */
final class Bystander {
  /** How long an answer may take until the bystander counts as not served. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** How long an answer may take that only warms the server up. */
  private static final Duration CROWD_LIMIT = Duration.ofMinutes(2);

  private static final String FORM = "application/x-www-form-urlencoded";

  /** Names its model, because LM Studio's list of models can be unusable. */
  private static final String STREAM =
      "{\"prompt\":\"Hi\",\"max_tokens\":4,\"model\":\"sim-chat\"}";

  private static final String ROOT = "api/v1/ai/lmstudio/";

  /** Sends each request on its own connection pool, so that its connections are not attacked. */
  private final HttpClient client = newClient();

  private final Bundle server;

  /** The session of a browser in which Bob signed in before any attack. */
  private final String session;

  /** What the bystander asks for. */
  enum Ask {
    LIVE(200),
    MODELS(200),
    SESSION(200),
    STREAM(200),
    SIGN_IN(303);

    private final int status;

    Ask(int status) {
      this.status = status;
    }
  }

  /**
   * How long the answers to one kind of request took.
   *
   * @param median in milliseconds
   * @param most in milliseconds
   */
  record Times(long median, long most) {
    static Times of(long[] millis) {
      long[] sorted = millis.clone();
      Arrays.sort(sorted);
      return new Times(sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
      return median + "/" + most;
    }
  }

  Bystander(Bundle server) throws IOException, InterruptedException {
    this.server = server;
    HttpResponse<String> signedIn = send(Ask.SIGN_IN);
    session = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
  }

  /**
   * Asks for everything in turn.
   *
   * @param rounds how often
   * @param upstreamFails whether LM Studio's list of models may be unusable at the moment
   */
  Map<Ask, Times> ask(int rounds, boolean upstreamFails) throws IOException, InterruptedException {
    Map<Ask, long[]> millis = new EnumMap<>(Ask.class);
    for (int round = 0; round < rounds; round++) {
      for (Ask ask : Ask.values()) {
        long begun = System.nanoTime();
        HttpResponse<String> answer = send(ask);
        long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        millis.computeIfAbsent(ask, key -> new long[rounds])[round] = took;
        boolean needsList = upstreamFails && (ask == Ask.MODELS || ask == Ask.SESSION);
        assertThat(answer.statusCode())
            .as("%s in round %d, after %d ms: %s", ask, round, took, answer.body())
            .isIn(needsList ? Set.of(200, 502) : Set.of(ask.status));
        if (ask == Ask.STREAM) {
          assertThat(answer.body()).contains("event: completed");
        }
      }
    }
    Map<Ask, Times> times = new EnumMap<>(Ask.class);
    millis.forEach((ask, took) -> times.put(ask, Times.of(took)));
    return times;
  }

  private static HttpClient newClient() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Asks for the sign-in page with so many clients at once, until each has got it this often. */
  void crowd(int clients, int times) throws InterruptedException {
    List<Thread> crowd = new ArrayList<>();
    AtomicInteger pages = new AtomicInteger();
    // The bystander must not reuse a connection that the crowd opened.
    try (HttpClient ofCrowd = newClient()) {
      for (int i = 0; i < clients; i++) {
        crowd.add(Thread.startVirtualThread(() -> pages.addAndGet(pages(ofCrowd, times))));
      }
      for (Thread one : crowd) {
        one.join();
      }
    }
    assertThat(pages).hasValue(clients * times);
  }

  private int pages(HttpClient ofCrowd, int times) {
    int pages = 0;
    try {
      for (; pages < times; pages++) {
        HttpResponse<String> page =
            ofCrowd.send(request("login").timeout(CROWD_LIMIT).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return pages;
  }

  private HttpResponse<String> send(Ask ask) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        switch (ask) {
          case LIVE -> request("health/live");
          case MODELS ->
              request(ROOT + "models").header("Authorization", "Bearer " + PayaraServer.BOB);
          case SESSION -> request(ROOT + "models").header("Cookie", session);
          case STREAM ->
              request(ROOT + "infer")
                  .header("Authorization", "Bearer " + PayaraServer.BOB)
                  .header("Content-Type", "application/json")
                  .header("Accept", "text/event-stream")
                  .POST(BodyPublishers.ofString(STREAM));
          case SIGN_IN ->
              request("login")
                  .header("Content-Type", FORM)
                  .POST(BodyPublishers.ofString(Api.SIGN_IN + PayaraServer.BOB));
        };
    try {
      return client.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException notServed) {
      throw new IOException("The bystander was not served: " + ask, notServed);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.url(path));
  }
}
