package ee.lmstudio.http.events;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.run.Run;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks after everybody who listens, a few times a second: keep-alives for those who hear nothing,
 * the end for those who take nothing, and whether those who wait are still there. One timer thread
 * for all.
 */
@ApplicationScoped
public class ListenerWatch {
  private static final long EVERY_MILLIS = 250;
  private static final Logger LOG = Logger.getLogger(ListenerWatch.class.getName());

  /** Which frames listeners share. */
  private record Shared(Run run, FrameWriter.Dialect dialect) {}

  private final Set<Runnable> watched = ConcurrentHashMap.newKeySet();
  private final Map<Shared, Frames> frames = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  @Inject ServerSettings settings;
  private ScheduledExecutorService clock;

  /** For the container. */
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
  }

  /** Itself without CDI's proxy, which is too much at each token. */
  ListenerWatch unproxied() {
    return this;
  }

  /** What listeners take for now. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Silence after which a listener is told that its connection lives, in nanoseconds. */
  long silenceNanos() {
    return settings.streams().keepAlive().toNanos();
  }

  /** How much longer a listener may take nothing, in nanoseconds: as long as a stream is kept. */
  long patienceNanos() {
    return settings.streams().retention().toNanos();
  }

  /** Returns the frames that all listeners of a run in a dialect share. Leave them once. */
  Frames join(Run run, FrameWriter.Dialect dialect) {
    return frames.compute(
        new Shared(run, dialect),
        (shared, known) -> {
          Frames joined = known == null ? new Frames(dialect.writer(run)) : known;
          joined.join();
          return joined;
        });
  }

  /** Releases the frames for one listener. The last listener that leaves drops them. */
  void leave(Run run, FrameWriter.Dialect dialect) {
    frames.computeIfPresent(
        new Shared(run, dialect), (shared, known) -> known.leave() ? null : known);
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
        // Caught here, or the timer would look after nobody any more.
        LOG.log(Level.SEVERE, "A listener could not be looked after", defect);
      }
    }
  }

  @PreDestroy
  void end() {
    clock.shutdownNow();
  }
}
