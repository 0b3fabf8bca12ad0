package ee.lmstudio.inference;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.OverloadedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
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
import java.util.function.LongConsumer;
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

    // Guarded by this.
    private long weight;
    private boolean forgotten;

    Kept(GenerationStream stream) {
      this.stream = stream;
    }
  }

  private final ServerSettings.Streams limits;
  private final long mostWeight;
  private final long mostOfOne;
  private final long evictionStep;
  private final Map<String, Kept> streams = new ConcurrentHashMap<>();
  private final Set<GenerationStream> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong weight = new AtomicLong();

  // Guarded by this. In the order in which they ended.
  private final Deque<GenerationStream> finished = new ArrayDeque<>();

  /**
   * @param mostWeight bytes that all logs together may take
   * @param mostOfOne bytes that one log may take
   */
  StreamRegistry(ServerSettings.Streams limits, long mostWeight, long mostOfOne) {
    this.mostOfOne = mostOfOne;
    this.limits = limits;
    this.mostWeight = mostWeight;
    this.evictionStep = Math.max(1, mostWeight / 64);
  }

  /**
   * Takes in a stream that is about to run or to wait for its turn.
   *
   * @return to be told what each entry of its log costs, in bytes, and how much less it does in the
   *     end; throws {@link AnswerTooLargeException} when that is too much
   * @throws OverloadedException if there is no memory for it
   */
  synchronized LongConsumer add(GenerationStream stream) {
    if (weight.get() >= mostWeight && !evictFinished()) {
      throw new OverloadedException(
          "The running streams fill the memory set apart for them", "Wait for one to end.", SOON);
    }
    Kept kept = new Kept(stream);
    streams.put(stream.id(), kept);
    running.add(stream);
    return bytes -> weighed(kept, bytes);
  }

  /** A stream was not begun, for whatever reason. */
  synchronized void forget(GenerationStream stream) {
    running.remove(stream);
    remove(stream);
  }

  /** A stream ends. It stays to be read, unless it never opened. */
  synchronized void ending(GenerationStream stream) {
    running.remove(stream);
    if (stream.log().lastCursor() == 0) {
      remove(stream);
    } else {
      finished.add(stream);
    }
  }

  /** One more entry of a stream's log; logs that ended make room, oldest first. */
  private void weighed(Kept kept, long bytes) {
    long before;
    long all;
    synchronized (kept) {
      if (kept.forgotten) {
        return;
      }
      before = kept.weight;
      kept.weight += bytes;
      all = weight.addAndGet(bytes);
    }
    // Now and then, not at each entry: when all that is left runs, there is nothing to find.
    if (all > mostWeight && all / evictionStep != (all - bytes) / evictionStep) {
      evictFinished();
    }
    // Once, as the bound is crossed: the entry that says so must pass, as any last one.
    if (before <= mostOfOne && before + bytes > mostOfOne && !kept.stream.log().ended()) {
      throw new AnswerTooLargeException(
          "The stream takes over " + mostOfOne + " bytes of memory",
          "Set max_tokens, or give the server more heap.",
          null);
    }
  }

  private synchronized boolean evictFinished() {
    while (weight.get() >= mostWeight && !finished.isEmpty()) {
      remove(finished.remove());
    }
    return weight.get() < mostWeight;
  }

  private void remove(GenerationStream stream) {
    Kept kept = streams.remove(stream.id());
    if (kept != null) {
      synchronized (kept) {
        kept.forgotten = true;
        weight.addAndGet(-kept.weight);
      }
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

  /** Cancels whom nobody listens to for too long, and forgets what ended long ago. */
  void tidy() {
    // Whose grace is zero is cancelled when its listener leaves; here it is given time to get one.
    long grace = Math.max(limits.orphanGrace().toNanos(), SOON.toNanos());
    for (GenerationStream stream : running) {
      if (stream.aloneNanos() > grace) {
        stream.cancel(CancelledBy.LISTENER_GONE);
      }
    }
    forgetOld();
  }

  private synchronized void forgetOld() {
    long kept = limits.retention().toNanos();
    while (!finished.isEmpty()
        && finished.element().over()
        && finished.element().overNanos() >= kept) {
      remove(finished.remove());
    }
  }

  /** Waits for those who run, then cancels them and sees them end. */
  void stop(Duration patience) throws InterruptedException {
    awaitAllOver(patience);
    running.forEach(stream -> stream.cancel(CancelledBy.SHUTDOWN));
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
