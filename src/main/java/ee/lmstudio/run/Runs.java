package ee.lmstudio.run;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.stream.CancelledBy;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import ee.lmstudio.telemetry.RunTelemetry;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.lang.ref.WeakReference;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts runs and finds them again. Each run has its own virtual thread. One timer thread opens
 * logs whose clients have waited long enough, reports progress, cancels runs that no client wants
 * any more, and removes old runs.
 */
@ApplicationScoped
public class Runs {
  /** After this time without LM Studio's headers, the log opens anyway. */
  private static final Duration OPENS_AFTER = Duration.ofSeconds(1);

  /** The same for {@link Opens#WHEN_ACCEPTED_OR_LATE}, after the wait in the queue. */
  private static final Duration OPENS_LATE = Duration.ofSeconds(20);

  /** About what an ended run takes besides the weight of its entries, in bytes, as measured. */
  private static final long OF_EACH = 4096;

  private static final Duration TIDY_EVERY = Duration.ofMillis(250);
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);
  private static final Logger LOG = Logger.getLogger(Runs.class.getName());

  /** When the log of a new run opens, so that listeners see it. */
  public enum Opens {
    /** Before anything is sent: a failure becomes the stream's last entry. */
    AT_ONCE,
    /** When LM Studio accepts the request, or after 1 s. An earlier failure opens no log. */
    WHEN_ACCEPTED,
    /**
     * The same, but 20 s after the end of the wait in the queue: for clients that are not told of
     * progress, and that send the request again if they get an error in time. A proxy often waits
     * 60 s for the headers of an answer.
     */
    WHEN_ACCEPTED_OR_LATE
  }

  private final SecureRandom random = new SecureRandom();
  @Inject ServerSettings settings;
  @Inject Upstreams upstreams;
  @Inject StreamPublisher publisher;
  @Inject RunTelemetry telemetry;
  private Admission admission;

  /** For the caller that has an upstream of its own: there are no limits. */
  private Admission unlimited;

  private RunRegistry registry;
  private IdempotentRuns byKey;
  private ProgressWatch progress;
  private ScheduledExecutorService clock;
  private volatile boolean stopped;

  @PostConstruct
  void begin() {
    long ofHeap = Runtime.getRuntime().maxMemory() / 16;
    registry = new RunRegistry(settings.streams(), new LogMemory(3 * ofHeap, ofHeap, OF_EACH));
    byKey = new IdempotentRuns(run -> registry.find(run.id()).isPresent(), Run::abandoned);
    admission = new Admission(settings.streams(), 2 * ofHeap, System::nanoTime);
    unlimited = new Admission(settings.streams().withoutLimits(), 2 * ofHeap, System::nanoTime);
    progress =
        new ProgressWatch(
            admission,
            model -> upstreams.machine().models().phaseOf(model),
            settings.streams().progressAfter());
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("lmstudio-streams").factory());
    timer.setRemoveOnCancelPolicy(true);
    clock = timer;
    repeat("The removal of old streams failed", this::tidy, TIDY_EVERY);
    repeat("The report of the progress of streams failed", progress::look, PROGRESS_EVERY);
  }

  private void tidy() {
    registry.tidy();
    byKey.tidy();
  }

  private void repeat(String failure, Runnable task, Duration pause) {
    clock.scheduleWithFixedDelay(
        logged(failure, task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A timer loses what a task throws, and does not repeat the task after that. */
  private static Runnable logged(String failure, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error defect) {
        LOG.log(Level.SEVERE, failure, defect);
      }
    };
  }

  /**
   * Starts a run, or queues it if all places are taken.
   *
   * @throws OverloadedException if the queue is full or switched off; nothing was sent
   * @throws RateLimitedException if this caller has too many runs or starts them too fast; nothing
   *     was sent
   */
  public Run start(RunRequest wanted) {
    Work work = wanted.work();
    JsonObject request = work.request();
    // Before the hash is computed, because that takes time in proportion to the request's size.
    boolean reserved = upstreams.isReserved(wanted.owner());
    Place place =
        (reserved ? unlimited : admission).enter(wanted.owner(), RequestMemory.of(request));
    Run run = null;
    try {
      StreamHead head =
          new StreamHead(
              newId(),
              wanted.owner(),
              PromptHash.of(request),
              work.model(),
              Instant.now(),
              work.content());
      run = new Run(new MemoryStreamLog(head), wanted.orphanGrace(), System::nanoTime);
      begin(work, wanted.requestId(), run, place, wanted.opens());
      return run;
    } catch (RuntimeException | Error notBegun) {
      // No thread exists yet that would end the run.
      place.leave();
      if (run != null) {
        registry.forget(run);
      }
      throw notBegun;
    }
  }

  /**
   * Starts a run like {@link #start}, unless the same owner has started one with the same key whose
   * stream can still be read. In that case, returns that run. There is one exception: a run that
   * was cancelled because no client was there is started again, because its client has lost the
   * connection and now repeats the request.
   *
   * @param key the owner's idempotency key
   * @param target the path of the request, with its query
   * @param body the whole body of the request
   * @return empty if the key has started a run with another target or body
   */
  public Optional<StartedRun> startOnce(
      String key, String target, JsonObject body, RunRequest wanted) {
    return byKey.startOrFind(wanted.owner(), key, target, body, () -> start(wanted));
  }

  private void begin(Work work, String requestId, Run run, Place place, Opens opens) {
    boolean waits = place.isWaiting();
    RunWriter writer =
        new RunWriter(
            run,
            registry.add(run),
            () -> {
              place.leave();
              work.release();
              registry.ending(run);
            });
    if (!upstreams.isReserved(run.owner())) {
      publisher.follow(run);
    }
    if (opens == Opens.AT_ONCE) {
      writer.open();
    } else if (opens == Opens.WHEN_ACCEPTED) {
      openAfter(OPENS_AFTER, writer);
    }
    if (work.content().kind() == StreamContent.Kind.MODEL) {
      progress.addQueued(run, writer, place);
    } else {
      progress.add(run, writer, place);
    }
    run.running(place);
    Runnable inTurn =
        () ->
            awaitTurn(
                () -> {
                  if (opens == Opens.WHEN_ACCEPTED_OR_LATE) {
                    openAfter(OPENS_LATE, writer);
                  }
                  work(work, requestId, run, writer);
                },
                run,
                writer,
                place,
                waits);
    Thread.ofVirtual().name("lmstudio-stream").start(telemetry.inContext(inTurn));
  }

  /** The timer must not keep the log of a run that has ended, because a log can be long. */
  private void openAfter(Duration pause, RunWriter writer) {
    WeakReference<RunWriter> whileItRuns = new WeakReference<>(writer);
    Runnable open =
        () -> {
          RunWriter running = whileItRuns.get();
          if (running != null) {
            running.open();
          }
        };
    clock.schedule(
        logged("The opening of a stream's log failed", open),
        pause.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void awaitTurn(Runnable work, Run run, RunWriter writer, Place place, boolean waits) {
    Duration longest = settings.streams().queueTimeout();
    Optional<String> model = run.head().modelRequested();
    boolean reported = !upstreams.isReserved(run.owner());
    long begun = System.nanoTime();
    try {
      boolean itsTurn = place.await(longest);
      if (reported) {
        long inQueue = waits ? System.nanoTime() - begun : 0;
        telemetry.waited(Upstreams.DEFAULT, model, Duration.ofNanos(inQueue));
      }
      if (itsTurn) {
        if (waits) {
          writer.waitsFor(Phase.CONNECTING, 0);
        }
        if (reported) {
          telemetry.running(Upstreams.DEFAULT, model, work);
        } else {
          work.run();
        }
      } else if (place.timedOut()) {
        String waited = "Waited %d ms for a free place. ".formatted(longest.toMillis());
        writer.onFailed(admission.refusal(run.owner(), waited));
      } else {
        // The place was cancelled by a client or by the stop. If it was a client, this call has no
        // effect.
        run.cancel(CancelledBy.SHUTDOWN);
        writer.onCancelled();
      }
    } catch (InterruptedException nobodyDoes) {
      throw new IllegalStateException("A run's thread was interrupted", nobodyDoes);
    }
  }

  private static void work(Work work, String requestId, Run run, RunWriter writer) {
    try {
      work.run(run.owner(), requestId, writer);
    } catch (LmStudioException e) {
      LOG.log(Level.FINE, "Stream {0} ended: {1}", new Object[] {run.id(), e.code()});
      // Has no effect if the writer knows of the failure already.
      writer.onFailed(e);
    } catch (RuntimeException | Error defect) {
      LOG.log(
          Level.SEVERE,
          "Stream " + run.id() + " failed because of a defect in this server",
          defect);
      writer.onFailed(
          new StreamingException(
              "This server failed while it streamed the answer",
              "Look for the stream's id in the server's log.",
              defect));
    }
  }

  /** Returns how many runs a caller may start. Without a limit, the result is empty. */
  public Optional<Quota> quota(String caller) {
    return admission.quota(caller);
  }

  /** Returns the run with this id; empty if there is none, or none any more. */
  public Optional<Run> find(String id) {
    return registry.find(id);
  }

  /** Returns all wanted runs whose stream can be read, the youngest first. */
  public List<Run> all(Predicate<Run> wanted) {
    return registry.all(wanted);
  }

  /** Cancels the runs of a caller, and removes their streams. */
  public void forget(String caller) {
    registry.forgetAll(caller);
  }

  private String newId() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /**
   * Refuses new runs, waits {@code lm-studio.stop-patience} for those that are running, cancels the
   * others and waits for their end. A second call does not wait.
   */
  public void stop() {
    Duration patience = stopped ? Duration.ZERO : settings.streams().stopPatience();
    stopped = true;
    try {
      admission.stop();
      registry.stop(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs before any bean is destroyed: the SDK must live until the last run has ended. */
  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
    stop();
    clock.shutdownNow();
  }
}
