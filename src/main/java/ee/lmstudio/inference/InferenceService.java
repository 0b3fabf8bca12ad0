package ee.lmstudio.inference;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Begins generations and finds them again. Each runs on a virtual thread of its own; one timer
 * thread opens logs that wait too long, says what they wait for, ends orphans and forgets what is
 * old.
 */
@ApplicationScoped
public class InferenceService {
  /** After so long without LM Studio's headers the log opens anyway. */
  private static final Duration OPENS_AFTER = Duration.ofSeconds(1);

  private static final Duration TIDY_EVERY = Duration.ofMillis(250);
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);
  private static final Logger LOG = Logger.getLogger(InferenceService.class.getName());

  private final SecureRandom random = new SecureRandom();
  @Inject ServerSettings settings;
  @Inject SdkContract sdk;
  @Inject StreamPublisher publisher;
  private Admission admission;
  private StreamRegistry registry;
  private ProgressWatch progress;
  private ScheduledExecutorService clock;
  private volatile boolean stopped;

  @PostConstruct
  void begin() {
    long forAll = Runtime.getRuntime().maxMemory() / 4;
    registry = new StreamRegistry(settings.streams(), forAll, forAll / 4);
    admission = new Admission(settings.streams(), System::nanoTime);
    ModelStates models = new ModelStates(sdk, System::nanoTime);
    progress = new ProgressWatch(admission, models, settings.streams().progressAfter());
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("lmstudio-streams").factory());
    timer.setRemoveOnCancelPolicy(true);
    clock = timer;
    repeat("tidied", registry::tidy, TIDY_EVERY);
    repeat("told what they wait for", progress::look, PROGRESS_EVERY);
  }

  private void repeat(String done, Runnable task, Duration pause) {
    Runnable lasting =
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error defect) {
            // Caught here, or the timer would never run it again.
            LOG.log(Level.SEVERE, "Streams could not be " + done, defect);
          }
        };
    clock.scheduleWithFixedDelay(
        lasting, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Begins a generation, or queues it if as many run as may.
   *
   * @param owner name of the caller
   * @param requestId of the request that began it, for telemetry
   * @param atOnce whether the log opens at once; else when LM Studio accepts, or after 1 s
   * @throws OverloadedException if the queue is full or not to be used; nothing was sent then
   * @throws RateLimitedException if this caller has, or starts, too many; nothing was sent then
   */
  public GenerationStream start(
      GenerationRequest request, String owner, String requestId, boolean atOnce) {
    boolean endsWhenLeft = settings.streams().orphanGrace().isZero();
    GenerationStream stream =
        new GenerationStream(newId(), owner, request, endsWhenLeft, System::nanoTime);
    CallOptions options = CallOptions.by(owner, requestId);
    Place place = admission.enter(owner);
    try {
      begin(request, options, stream, registry.add(stream), place, atOnce);
      return stream;
    } catch (RuntimeException | Error notBegun) {
      // Nobody else will: there is no thread yet that ends it.
      place.leave();
      registry.forget(stream);
      throw notBegun;
    }
  }

  private void begin(
      GenerationRequest request,
      CallOptions options,
      GenerationStream stream,
      LongConsumer weighed,
      Place place,
      boolean atOnce) {
    boolean waits = place.isWaiting();
    LogWriter writer =
        new LogWriter(
            stream,
            weighed,
            () -> {
              place.leave();
              registry.ending(stream);
            });
    publisher.follow(stream);
    if (atOnce) {
      writer.open();
    } else {
      clock.schedule(writer::open, OPENS_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }
    progress.add(stream, writer, place);
    stream.running(place);
    Thread.ofVirtual()
        .name("lmstudio-stream")
        .start(() -> run(request, options, stream, writer, place, waits));
  }

  private void run(
      GenerationRequest request,
      CallOptions options,
      GenerationStream stream,
      LogWriter writer,
      Place place,
      boolean waits) {
    Duration longest = settings.streams().queueTimeout();
    try {
      if (place.await(longest)) {
        if (waits) {
          writer.waitsFor(Phase.CONNECTING, 0);
        }
        generate(request, options, stream, writer);
      } else if (place.timedOut()) {
        writer.onFailed(
            admission.refusal(stream.owner(), "No turn in %d ms: ".formatted(longest.toMillis())));
      } else {
        // Does nothing if somebody else cancelled it, which is why it gave up.
        stream.cancel(CancelledBy.SHUTDOWN);
        writer.onCancelled();
      }
    } catch (InterruptedException nobodyDoes) {
      throw new IllegalStateException("A stream's thread was interrupted", nobodyDoes);
    }
  }

  private void generate(
      GenerationRequest request, CallOptions options, GenerationStream stream, LogWriter writer) {
    try {
      SdkContract asCaller = sdk.with(options);
      switch (request) {
        case ChatRequest chat -> asCaller.createChatCompletion(chat, writer);
        case CompletionRequest completion -> asCaller.createCompletion(completion, writer);
      }
    } catch (LmStudioException e) {
      LOG.log(Level.FINE, "Stream {0} ended: {1}", new Object[] {stream.id(), e.code()});
      // The writer knows it already, unless the SDK could not even begin.
      writer.onFailed(e);
    } catch (RuntimeException | Error defect) {
      LOG.log(Level.SEVERE, "Stream " + stream.id() + " ended by a defect", defect);
      writer.onFailed(
          new StreamingException(
              "The server failed while it streamed", "Look into the server's log.", defect));
    }
  }

  /** The stream with this id; empty if there is none any more. */
  public Optional<GenerationStream> find(String id) {
    return registry.find(id);
  }

  /** All streams that can be read, the youngest first. */
  public List<GenerationStream> all() {
    return registry.all();
  }

  private String newId() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /**
   * Lets no generation begin any more, waits {@code lm-studio.stop-patience} for those that run,
   * cancels the rest and sees them end. Again: is not patient any more.
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

  /** Before any bean is destroyed: the SDK must live until the last stream has ended. */
  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
    stop();
    clock.shutdownNow();
  }
}
