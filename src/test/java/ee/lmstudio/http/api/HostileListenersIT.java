package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.server.ServerUsage;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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

  /** Two streams, and the listeners; a copy of a stream for each listener would be 4,500 MB. */
  private static final long MOST_BYTES = 90L << 20;

  /** Most of them while all listeners are attached, some while they attach. */
  private static final int ROUNDS = 60;

  private static SmallServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        SmallServer.start(
            Map.of(
                "LM_STUDIO_MAX_LISTENERS_PER_STREAM",
                "" + PER_STREAM,
                "LM_STUDIO_MAX_LISTENERS_PER_CALLER",
                "" + PER_CALLER));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Tag("thorough")
  @Test
  void listenersThatNeverRead_areBoundedAndNobodyElseNotices() throws Exception {
    String large = server.longStream();
    String second = server.longStream();
    server.warmUp(50);
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
    assertThat(server.get(PayaraServer.ALICE, "streams/" + large).body())
        .contains(SmallServer.PIECE);
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
        assertThat(server.live().statusCode()).isEqualTo(200);
        assertThat(server.get(PayaraServer.BOB, "models").statusCode()).isEqualTo(200);
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
      sockets.add(server.open(SmallServer.bytes("streams/" + id, EVENTS)));
    }
    for (Socket socket : sockets.subList(first, sockets.size())) {
      SmallServer.assertAnswered(socket);
    }
  }

  private static void assertLimited(String id, String setting) throws Exception {
    HttpResponse<String> refused =
        server.send(server.request(PayaraServer.ALICE, "streams/" + id).header("Accept", EVENTS));
    assertThat(Api.code(refused, 429)).isEqualTo("rate_limited");
    assertThat(Api.error(refused).getString("hint")).contains(setting);
    assertThat(Api.header(refused, "Retry-After")).isEqualTo("1");
  }

  private static long liveHeap() throws Exception {
    return ServerUsage.of(server.pid()).heapBytes();
  }
}
