package ee.lmstudio.inference;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * All streams that can be read: those that run, and those that ended not long ago. Keeps their
 * number, age and memory within the limits. For any thread.
 */
final class StreamRegistry {
  private static final Logger LOG = Logger.getLogger(StreamRegistry.class.getName());
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration TO_CANCEL = Duration.ofSeconds(2);

  /** What is kept of one stream beside it. */
  private static final class Kept {
    final GenerationStream stream;
    final AtomicLong weight = new AtomicLong();

    Kept(GenerationStream stream) {
      this.stream = stream;
    }
  }

  /** A stream that is over, and since when: looked at once, for it grows while one sorts. */
  private record Ended(GenerationStream stream, long nanosAgo) {}

  private final ServerSettings.Streams limits;
  private final long mostWeight;
  private final long mostOfOne;
  private final long evictionStep;
  private final StartRate rate;
  private final Map<String, Kept> streams = new ConcurrentHashMap<>();
  private final AtomicLong weight = new AtomicLong();

  // Guarded by this.
  private final Set<GenerationStream> running = new HashSet<>();
  private final Map<String, Integer> runningByCaller = new HashMap<>();
  private boolean stopping;

  /**
   * @param mostWeight bytes that all logs together may take
   * @param mostOfOne bytes that one log may take
   * @param nanoTime measures rates
   */
  StreamRegistry(
      ServerSettings.Streams limits, long mostWeight, long mostOfOne, LongSupplier nanoTime) {
    this.mostOfOne = mostOfOne;
    this.limits = limits;
    this.mostWeight = mostWeight;
    this.evictionStep = Math.max(1, mostWeight / 64);
    this.rate = new StartRate(limits.startsPerMinute(), nanoTime);
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
    if (limits.max() > 0 && running() >= limits.max()) {
      throw full(
          "%d streams are running, which is the limit".formatted(running()),
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
    running.add(stream);
    runningByCaller.merge(stream.owner(), 1, Integer::sum);
    streams.put(stream.id(), new Kept(stream));
  }

  private static AdmissionException full(String message, String hint) {
    return new AdmissionException(false, message, hint, SOON);
  }

  /** A stream ends: its place is free. It stays to be read, unless it never opened. */
  synchronized void ending(GenerationStream stream) {
    running.remove(stream);
    runningByCaller.computeIfPresent(stream.owner(), (name, n) -> n == 1 ? null : n - 1);
    if (stream.log().lastCursor() == 0) {
      remove(stream);
    }
  }

  /** One more entry of a stream's log; logs that ended make room, oldest first. */
  void weighed(GenerationStream stream, int bytes) {
    Kept kept = streams.get(stream.id());
    if (kept == null) {
      return;
    }
    long before = kept.weight.getAndAdd(bytes);
    long all = weight.addAndGet(bytes);
    // Now and then, not at each entry: when all that is left runs, there is nothing to find.
    if (all > mostWeight && all / evictionStep != (all - bytes) / evictionStep) {
      evictFinished();
    }
    // Once, as the bound is crossed: the entry that says so must pass.
    if (before <= mostOfOne && before + bytes > mostOfOne) {
      throw new AnswerTooLargeException(
          "The stream takes over " + mostOfOne + " bytes of memory",
          "Set max_tokens, or give the server more heap.",
          null);
    }
  }

  private synchronized boolean evictFinished() {
    List<Ended> finished = new ArrayList<>();
    for (Kept kept : streams.values()) {
      if (kept.stream.over()) {
        finished.add(new Ended(kept.stream, kept.stream.overNanos()));
      }
    }
    finished.sort(Comparator.comparing(Ended::nanosAgo).reversed());
    for (Ended oldest : finished) {
      if (weight.get() < mostWeight) {
        break;
      }
      remove(oldest.stream());
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
    return running.size();
  }

  /** Cancels whom nobody listens to for too long, and forgets what ended long ago. */
  void tidy() {
    // Whose grace is zero is cancelled when its listener leaves; here it is given time to get one.
    long grace = Math.max(limits.orphanGrace().toNanos(), SOON.toNanos());
    for (Kept kept : streams.values()) {
      GenerationStream stream = kept.stream;
      if (stream.over()) {
        forgetIfOld(stream);
      } else if (stream.aloneNanos() > grace) {
        stream.cancel(CancelledBy.LISTENER_GONE);
      }
    }
  }

  private synchronized void forgetIfOld(GenerationStream stream) {
    if (stream.overNanos() >= limits.retention().toNanos()) {
      remove(stream);
    }
  }

  /** Lets nobody in any more, waits for those who run, then cancels them and sees them end. */
  void stop(Duration patience) throws InterruptedException {
    synchronized (this) {
      stopping = true;
    }
    awaitAllOver(patience);
    streams.values().forEach(kept -> kept.stream.cancel(CancelledBy.SHUTDOWN));
    awaitAllOver(TO_CANCEL);
  }

  private void awaitAllOver(Duration patience) throws InterruptedException {
    CompletableFuture<?>[] ends =
        streams.values().stream()
            .map(kept -> kept.stream.ended().exceptionally(neverOpened -> null))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillRunning) {
      LOG.log(Level.FINE, "Streams still run after {0}", patience);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The end of a stream does not fail here", e);
    }
  }
}
