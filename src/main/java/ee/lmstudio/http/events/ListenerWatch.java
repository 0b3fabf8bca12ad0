package ee.lmstudio.http.events;

import ee.lmstudio.config.Lines;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.stream.StreamLog;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Checks all listeners a few times a second: it sends keep-alives to silent streams, disconnects
 * clients that accept no bytes, and detects that a waiting client has left. One timer thread serves
 * all of them, and one more thread writes to the listeners that have a long backlog.
 */
@ApplicationScoped
public class ListenerWatch {
  private static final long EVERY_MILLIS = 250;
  private static final Logger LOG = Logger.getLogger(ListenerWatch.class.getName());

  /** The key of the frames that listeners share. */
  private record Shared(StreamLog log, Dialect dialect) {}

  private final Set<Runnable> watched = ConcurrentHashMap.newKeySet();
  private final Map<Shared, Frames> frames = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  @Inject ServerSettings settings;
  private ScheduledExecutorService clock;
  private ExecutorService catchUp;
  private volatile Thread catchUpThread;

  // Guarded by itself. The work of each caller.
  private final Lines<String, Runnable> waiting = new Lines<>();

  /** Used by CDI. */
  public ListenerWatch() {
    this(System::nanoTime);
  }

  ListenerWatch(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @PostConstruct
  void begin() {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lmstudio-listeners").factory());
    clock.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    // The queue is as long as there is waiting work. That holds each response at most once.
    catchUp =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::catchUpThread,
            // After the end: the connections are about to be closed.
            new ThreadPoolExecutor.DiscardPolicy());
  }

  private Thread catchUpThread(Runnable work) {
    catchUpThread = Thread.ofPlatform().daemon().name("lmstudio-catch-up").unstarted(work);
    return catchUpThread;
  }

  /** Returns whether this thread writes long frames. All others leave them to {@link #later}. */
  boolean writesLongFrames() {
    return catchUp == null || Thread.currentThread() == catchUpThread;
  }

  /** Returns this object without CDI's proxy, which costs too much for a call per token. */
  ListenerWatch unproxied() {
    return this;
  }

  /** Returns the time that listeners use. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Returns the silence after which a listener gets a keep-alive, in nanoseconds. */
  long silenceNanos() {
    return settings.streams().keepAlive().toNanos();
  }

  /** Returns how long, after that silence, a client may accept no bytes, in nanoseconds. */
  long patienceNanos() {
    return settings.streams().retention().toNanos();
  }

  /** Returns the frames that all listeners of a stream in a dialect share. Then call leave once. */
  Frames join(StreamLog log, Dialect dialect) {
    return frames.compute(
        new Shared(log, dialect),
        (shared, known) -> {
          Frames joined = known == null ? new Frames(log, dialect.writer(log), nanoTime) : known;
          joined.join();
          return joined;
        });
  }

  /** Releases the frames for one listener. The last listener that leaves drops them. */
  void leave(StreamLog log, Dialect dialect) {
    frames.computeIfPresent(
        new Shared(log, dialect), (shared, known) -> known.leave() ? null : known);
  }

  /**
   * Does some work for a client that has much to read. The callers whose work waits take turns, and
   * so do the clients of one caller. One thread does this work for all of them: if the container's
   * threads did it, a few hundred clients with long backlogs could occupy all of these threads.
   */
  void later(String caller, Runnable work) {
    if (catchUp == null) {
      work.run();
      return;
    }
    synchronized (waiting) {
      waiting.add(caller, work);
    }
    catchUp.execute(() -> nextWaiting().run());
  }

  private Runnable nextWaiting() {
    synchronized (waiting) {
      return waiting.next(caller -> true).orElseThrow();
    }
  }

  /** Calls {@code look} a few times a second. It must not block. */
  public void add(Runnable look) {
    watched.add(look);
  }

  public void remove(Runnable look) {
    watched.remove(look);
  }

  void look() {
    for (Runnable look : watched) {
      try {
        look.run();
      } catch (RuntimeException | Error defect) {
        // If the exception left this method, the timer would stop.
        LOG.log(Level.SEVERE, "The check of a listener failed", defect);
      }
    }
  }

  @PreDestroy
  void end() {
    clock.shutdownNow();
    catchUp.shutdownNow();
  }
}
