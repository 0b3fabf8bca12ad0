package ee.lmstudio.inference;

import ee.lmstudio.config.ServerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All streams that can be read: those that run, and those that ended not long ago. Keeps their
 * number, age and memory within the limits. For any thread.
 */
final class StreamRegistry {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** What is kept of one stream beside it. */
  private static final class Kept {
    final GenerationStream stream;
    final AtomicLong weight = new AtomicLong();

    Kept(GenerationStream stream) {
      this.stream = stream;
    }
  }

  private final ServerSettings.Streams limits;
  private final long mostWeight;
  private final StartRate rate;
  private final Map<String, Kept> streams = new ConcurrentHashMap<>();
  private final AtomicLong weight = new AtomicLong();

  // Guarded by this.
  private int running;
  private final Map<String, Integer> runningByCaller = new java.util.HashMap<>();
  private boolean stopping;

  /**
   * @param mostWeight bytes that all logs together may take
   */
  StreamRegistry(ServerSettings.Streams limits, long mostWeight) {
    this.limits = limits;
    this.mostWeight = mostWeight;
    this.rate = new StartRate(limits.startsPerMinute(), System::nanoTime);
  }

  /**
   * Takes in a stream that is about to run.
   *
   * @throws AdmissionException if a limit is reached
   */
  synchronized void admit(GenerationStream stream) {
    if (stopping) {
      throw full("The server is stopping", "Ask again when it is back.");
    }
    if (limits.max() > 0 && running >= limits.max()) {
      throw full(
          "%d streams are running, which is the limit".formatted(running),
          "Wait for one to end, or raise lm-studio.max-streams.");
    }
    if (weight.get() >= mostWeight && !evictFinished()) {
      throw full("The running streams fill the memory set apart for them", "Wait for one to end.");
    }
    int own = runningByCaller.getOrDefault(stream.owner(), 0);
    if (limits.maxPerCaller() > 0 && own >= limits.maxPerCaller()) {
      throw new AdmissionException(
          true,
          "%d of your streams are running, which is the limit".formatted(own),
          "Wait for one to end, or cancel one.",
          SOON);
    }
    rate.take(stream.owner())
        .ifPresent(
            wait -> {
              throw new AdmissionException(
                  true,
                  "You may start %d streams a minute".formatted(limits.startsPerMinute()),
                  "Wait, then ask again.",
                  wait);
            });
    running++;
    runningByCaller.merge(stream.owner(), 1, Integer::sum);
    streams.put(stream.id(), new Kept(stream));
  }

  private static AdmissionException full(String message, String hint) {
    return new AdmissionException(false, message, hint, SOON);
  }

  /** A stream has ended; it stays to be read, unless it never opened. */
  synchronized void ended(GenerationStream stream) {
    running--;
    runningByCaller.computeIfPresent(stream.owner(), (name, n) -> n == 1 ? null : n - 1);
    if (stream.log().lastCursor() == 0) {
      remove(stream);
    }
    notifyAll();
  }

  /** One more entry of a stream's log; logs that ended make room, oldest first. */
  void weighed(GenerationStream stream, int bytes) {
    Kept kept = streams.get(stream.id());
    if (kept == null) {
      return;
    }
    kept.weight.addAndGet(bytes);
    if (weight.addAndGet(bytes) > mostWeight) {
      evictFinished();
    }
  }

  private synchronized boolean evictFinished() {
    List<GenerationStream> finished = new ArrayList<>();
    for (Kept kept : streams.values()) {
      if (kept.stream.finishedAt().isPresent()) {
        finished.add(kept.stream);
      }
    }
    finished.sort(Comparator.comparing(stream -> stream.finishedAt().orElseThrow()));
    for (GenerationStream oldest : finished) {
      if (weight.get() < mostWeight) {
        break;
      }
      remove(oldest);
    }
    return weight.get() < mostWeight;
  }

  private void remove(GenerationStream stream) {
    Kept kept = streams.remove(stream.id());
    if (kept != null) {
      weight.addAndGet(-kept.weight.get());
    }
  }

  Optional<GenerationStream> find(String id) {
    return Optional.ofNullable(streams.get(id)).map(kept -> kept.stream);
  }

  /** All streams, the youngest first. */
  List<GenerationStream> all() {
    return streams.values().stream()
        .map(kept -> kept.stream)
        .filter(stream -> stream.log().lastCursor() > 0)
        .sorted(Comparator.comparing(GenerationStream::startedAt).reversed())
        .toList();
  }

  /** How many run. */
  synchronized int running() {
    return running;
  }

  /** Cancels whom nobody listens to for too long, and forgets what ended long ago. */
  void tidy() {
    Instant forget = Instant.now().minus(limits.retention());
    for (Kept kept : streams.values()) {
      GenerationStream stream = kept.stream;
      if (stream.finishedAt().filter(at -> !at.isAfter(forget)).isPresent()) {
        synchronized (this) {
          remove(stream);
        }
      } else if (stream.finishedAt().isEmpty()
          && stream.aloneNanos() > limits.orphanGrace().toNanos()) {
        stream.cancel(CancelledBy.LISTENER_GONE);
      }
    }
  }

  /** Lets nobody in any more, waits for those who run, then cancels them. */
  synchronized void stop(Duration patience) throws InterruptedException {
    stopping = true;
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis();
        running > 0 && left > 0;
        left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
      wait(left);
    }
    for (Kept kept : streams.values()) {
      kept.stream.cancel(CancelledBy.SHUTDOWN);
    }
  }
}
