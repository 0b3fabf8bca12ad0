package ee.lmstudio.hostile;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One caller with the token of Alice, or strangers. What it begins goes on until {@link #close},
 * which also ends all its connections and threads. What the server answered is counted.
 */
final class Attacker implements AutoCloseable {
  static final String ROOT = "/api/v1/ai/lmstudio/";
  static final String JSON = "Content-Type: application/json\r\n";
  static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

  /** The server closed a connection or refused it. */
  static final String CLOSED = "closed";

  /** The server neither answers nor closes a connection. */
  static final String SILENT = "silent";

  static final String ALICE = "Authorization: Bearer " + PayaraServer.ALICE + "\r\n";
  private static final Pattern STREAM_ID = Pattern.compile("\"stream_id\":\"([^\"]+)\"");
  private static final List<String> MODEL_LISTS =
      List.of("/v1/models", "/api/v0/models", "/api/v1/models");
  private static final int PIECES_OF_MIB = 16;
  private static final String PIECE = "0123456789abcdef".repeat(4096);
  private static final int LIMIT_SECONDS = 70;

  /** How many held connections are looked at. */
  private static final int SAMPLE = 20;

  /** How long a connection is looked at that need not answer. */
  private static final int GLANCE_MILLIS = 20;

  /** The attacks come from 127.0.0.2 and further addresses, the bystander from 127.0.0.1. */
  static final int OUTSIDE = 2;

  final Bundle server;
  final SocketSimulator lmStudio;

  /** How many connections, requests or bodies the attack has. */
  final int size;

  private final int streamMiB;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<RawConnection> held = new ArrayList<>();

  /** Not virtual threads, which would take LM Studio's turns in this process. */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();

  /**
   * @param streamMiB the length of the streams that Alice reads
   */
  Attacker(Bundle server, SocketSimulator lmStudio, int size, int streamMiB) {
    this.streamMiB = streamMiB;
    this.server = server;
    this.lmStudio = lmStudio;
    this.size = size;
  }

  static String get(String path, String headers) {
    return request("GET", path, headers, "");
  }

  static String post(String path, String headers, String body) {
    return request("POST", path, headers + "Content-Length: " + body.length() + "\r\n", body);
  }

  static String request(String method, String path, String headers, String body) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
  }

  private RawConnection open(int from) throws IOException {
    return RawConnection.open(server.port(), from);
  }

  /** Opens connections that send these bytes, and then neither read, send nor close. */
  void hold(String bytes) throws IOException {
    for (int i = 0; i < size; i++) {
      hold(OUTSIDE, bytes);
    }
  }

  /** Does the same from as many addresses as there are connections, up to 250. */
  void holdFromManyAddresses(String bytes) throws IOException {
    for (int i = 0; i < size; i++) {
      hold(OUTSIDE + i % 250, bytes);
    }
  }

  private void hold(int from, String bytes) throws IOException {
    try {
      RawConnection connection = open(from);
      held.add(connection);
      connection.send(bytes);
    } catch (IOException refused) {
      count(CLOSED);
    }
  }

  /**
   * Counts what some of the held connections got.
   *
   * @param answered whether all of them must be answered
   */
  void look(boolean answered) throws IOException {
    int step = Math.max(1, held.size() / SAMPLE);
    for (int i = held.size() - 1; i > 0; i -= step) {
      look(held.get(i), answered);
    }
    if (!held.isEmpty()) {
      look(held.get(0), answered); // It has a place if any has.
    }
  }

  private void look(RawConnection connection, boolean answered) throws IOException {
    count(connection.glance(answered ? LIMIT_SECONDS * 1000 : GLANCE_MILLIS));
  }

  /** Opens connections that send some bytes, and then one more every so often. */
  void drip(String bytes, String next, int millis) throws IOException {
    hold(bytes);
    for (RawConnection connection : held) {
      threads.execute(
          () -> {
            try {
              while (!over.await(millis, TimeUnit.MILLISECONDS)) {
                connection.send(next);
              }
            } catch (IOException closed) {
              count(CLOSED);
            } catch (InterruptedException end) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  /**
   * Sends requests one after the other, on some connections at a time, until the attack is over,
   * and at least {@link #size} of them.
   */
  void flood(int connections, IntFunction<String> request) {
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < Math.min(connections, size); i++) {
      threads.execute(
          () -> {
            try (Sender sender = new Sender()) {
              for (int n = next.getAndIncrement();
                  n < size || over.getCount() > 0;
                  n = next.getAndIncrement()) {
                sender.send(request.apply(n));
              }
            }
          });
    }
  }

  /**
   * Opens {@link #size} connections a second, each for one request that asks the server to close
   * it.
   */
  void storm(String request) {
    threads.execute(
        () -> {
          try (Storm storm = new Storm(server.port(), request, this::count)) {
            storm.run(size, () -> over.getCount() == 0);
          } catch (IOException ended) {
            count(ended.toString());
          }
        });
  }

  /** Sends requests on connections of their own, each closed as soon as its answer begins. */
  void abandon(int connections, IntFunction<String> request) {
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < Math.min(connections, size); i++) {
      threads.execute(
          () -> {
            for (int n = next.getAndIncrement();
                n < size || over.getCount() > 0;
                n = next.getAndIncrement()) {
              try (RawConnection connection = open(OUTSIDE)) {
                connection.send(request.apply(n));
                count("" + connection.readFirstLine());
              } catch (IOException refused) {
                count(CLOSED);
              }
            }
          });
    }
  }

  /** LM Studio answers the next chat with this script. */
  void answer(Script script) {
    lmStudio.enqueue("/v1/chat/completions", script);
  }

  /** LM Studio answers the next list of models with this script. */
  void listModels(Script script) {
    MODEL_LISTS.forEach(path -> lmStudio.enqueue(path, script));
  }

  /** Makes Alice start a long stream and read it to its end. Returns its id. */
  String longStream() throws IOException, InterruptedException {
    Script script = Script.respondWith(200, "text/event-stream");
    for (int i = 0; i < streamMiB * PIECES_OF_MIB; i++) {
      script.body(Chunks.text(PIECE));
    }
    answer(script.body(Chunks.end()));
    HttpRequest infer =
        asAlice("infer", "text/event-stream")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
            .build();
    HttpResponse<String> read = http.send(infer, BodyHandlers.ofString());
    Matcher id = STREAM_ID.matcher(read.body());
    if (!read.body().contains("event: completed") || !id.find()) {
      throw new AssertionError(read.statusCode() + " " + read.body());
    }
    return id.group(1);
  }

  /**
   * Waits until the streams of earlier attacks have ended. Otherwise LM Studio would answer them
   * with the scripts that are meant for this attack.
   */
  void awaitNoStreams() throws IOException, InterruptedException {
    HttpRequest list = asAlice("streams", "application/json").build();
    String streams = http.send(list, BodyHandlers.ofString()).body();
    while (streams.contains("\"running\"") || streams.contains("\"queued\"")) {
      streams = http.send(list, BodyHandlers.ofString()).body();
    }
  }

  private HttpRequest.Builder asAlice(String path, String accept) {
    return HttpRequest.newBuilder(server.url(ROOT.substring(1) + path))
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .header("Accept", accept)
        .timeout(Duration.ofSeconds(LIMIT_SECONDS));
  }

  /** A connection that is opened again whenever the server has closed it. */
  private final class Sender implements AutoCloseable {
    private RawConnection connection;

    void send(String request) {
      try {
        if (connection == null || connection.isClosed()) {
          connection = open(OUTSIDE);
        }
        connection.send(request);
        count("" + connection.readStatus());
      } catch (IOException | RuntimeException noAnswer) {
        count(CLOSED);
        close();
      }
    }

    @Override
    public void close() {
      try {
        if (connection != null) {
          connection.close();
        }
      } catch (IOException notClosed) {
        count("not closed");
      }
    }
  }

  private void count(String outcome) {
    outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
  }

  /** Returns how often each status was received, {@code closed} among them. */
  Map<String, Long> outcomes() {
    Map<String, Long> sums = new TreeMap<>();
    outcomes.forEach((outcome, count) -> sums.put(outcome, count.sum()));
    return sums;
  }

  @Override
  public void close() throws IOException {
    over.countDown();
    lmStudio.forgetScripts();
    http.close();
    threads.shutdown();
    boolean ended = false;
    try {
      ended = threads.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (RawConnection connection : held) {
      connection.close();
    }
    if (!ended) {
      threads.shutdownNow();
      throw new AssertionError("The attack did not end: " + outcomes());
    }
  }
}
