package ee.lmstudio.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.hostile.Bystander.Ask;
import ee.lmstudio.hostile.Bystander.Times;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.ServerUsage;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The packaged server with 512 MiB of heap, an LM Studio behind it and the bystander beside it, to
 * be attacked. Everything that is kept for a time is kept for a few seconds only.
 */
final class Siege {
  private static final Duration TO_SETTLE = Duration.ofSeconds(100);

  /** Connections that the bystander's client and the test itself may keep open. */
  private static final int SPARE_SOCKETS = 8;

  /** What caches and classes take that only an attack uses. */
  private static final long SPARE_BYTES = 16L << 20;

  /**
   * Payara keeps the threads that a burst of requests has needed, up to 200. A run needs more
   * threads than the warm-up; up to 35 more were seen.
   */
  private static final int SPARE_THREADS = 48;

  /**
   * So many clients at once use each of Payara's 200 threads. Grizzly and Payara then keep about
   * 290 KiB for each of them: the objects of one request, which the thread uses again.
   */
  private static final int CROWD = 250;

  private static final int PAGES = 12;

  /** How many classes are named when the heap does not return. */
  private static final int LISTED = 40;

  private static final int WARM_UP = 60;

  /**
   * What happened while an attack went on.
   *
   * @param times what the bystander measured
   * @param outcomes how often the attacker got which status
   * @param during what the server used while the attack went on
   */
  record Result(Map<Ask, Times> times, Map<String, Long> outcomes, ServerUsage during) {}

  private final SocketSimulator lmStudio;
  private final Bundle server;
  private final Bystander bystander;
  private final CompletableFuture<Boolean> outOfMemory;
  private ServerUsage before;
  private String histogramBefore;

  private Siege(SocketSimulator lmStudio, Bundle server) throws Exception {
    this.lmStudio = lmStudio;
    this.server = server;
    outOfMemory = CompletableFuture.supplyAsync(this::readsOutOfMemory);
    bystander = new Bystander(server);
  }

  static Siege start() throws Exception {
    SocketSimulator lmStudio =
        SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    Bundle server =
        Bundle.startSmall(
            Map.of(
                "LM_STUDIO_BASE_URL",
                lmStudio.url().toString(),
                "LM_STUDIO_STREAM_RETENTION",
                "8s",
                "LM_STUDIO_ORPHAN_GRACE",
                "2s"));
    try {
      Siege siege = new Siege(lmStudio, server);
      siege.bystander.crowd(CROWD, PAGES);
      siege.bystander.ask(WARM_UP, false);
      siege.before = ServerUsage.of(server.pid());
      siege.histogramBefore = ServerUsage.histogram(server.pid());
      return siege;
    } catch (Exception | Error notBegun) {
      server.close();
      lmStudio.close();
      throw notBegun;
    }
  }

  /** Reads the log to its end, so that the server never waits for its reader. */
  private boolean readsOutOfMemory() {
    try {
      return server.awaitLineWith("OutOfMemoryError");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the bystander ask this often while an attack goes on. */
  Result endure(Attack attack, boolean large, int rounds) throws Exception {
    Attacker attacker = new Attacker(server, lmStudio, attack.size(large), large ? 15 : 3);
    Map<Ask, Times> times;
    ServerUsage during;
    try (attacker) {
      attacker.awaitNoStreams();
      attack.begin(attacker);
      attacker.look(!attack.outcomes().contains(Attacker.SILENT));
      times = bystander.ask(rounds, attack.spoilsModels());
      during = ServerUsage.of(server.pid());
    }
    assertThat(attack.outcomes())
        .as("%s", attacker.outcomes())
        .containsAll(attacker.outcomes().keySet());
    assertThat(attacker.outcomes()).containsKey(attack.outcomes().get(0));
    assertThat(outOfMemory).as("the log has no OutOfMemoryError").isNotDone();
    return new Result(times, attacker.outcomes(), during);
  }

  ServerUsage before() {
    return before;
  }

  /** Waits until the server uses as much as before the first attack, and returns how much. */
  ServerUsage awaitSettled() throws Exception {
    long end = System.nanoTime() + TO_SETTLE.toNanos();
    ServerUsage now = ServerUsage.of(server.pid());
    while (now.sockets() > before.sockets() + SPARE_SOCKETS
        || now.files() > before.files()
        || now.threads() > before.threads() + SPARE_THREADS
        || now.heapBytes() > before.heapBytes() + SPARE_BYTES) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "before: %s, still: %s\nwhat grew most:\n%s".formatted(before, now, grown()));
      }
      now = ServerUsage.of(server.pid());
    }
    return now;
  }

  /** Returns the classes whose objects take more than before, with the bytes. */
  private String grown() throws Exception {
    Map<String, Long> earlier = bytesByClass(histogramBefore);
    return bytesByClass(ServerUsage.histogram(server.pid())).entrySet().stream()
        .map(
            now -> Map.entry(now.getKey(), now.getValue() - earlier.getOrDefault(now.getKey(), 0L)))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(LISTED)
        .map(grown -> "%,d bytes of %s".formatted(grown.getValue(), grown.getKey()))
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, Long> bytesByClass(String histogram) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[0].endsWith(":"))
        .collect(
            Collectors.toMap(
                columns -> columns[3], columns -> Long.parseLong(columns[2]), Long::sum));
  }

  /** Stops the server as an operator does, and reads its log to the end. */
  void stop() throws Exception {
    try {
      server.signal("TERM");
      assertThat(outOfMemory.get(TO_SETTLE.toSeconds(), TimeUnit.SECONDS))
          .as("the log has an OutOfMemoryError")
          .isFalse();
    } finally {
      server.close();
      lmStudio.close();
    }
  }
}
