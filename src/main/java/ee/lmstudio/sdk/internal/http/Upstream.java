package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import jakarta.json.JsonObject;
import jakarta.ws.rs.client.Invocation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gives access to LM Studio with one set of settings. Thread-safe. A view with other options shares
 * everything except the settings; the original owns the shared state.
 */
public final class Upstream implements AutoCloseable {
  /**
   * Maximum size of a JSON answer to a POST, in bytes: 64 MiB. If the heap is smaller than 2 GiB,
   * it is 1/32 of the heap, but at least 8 MiB, because reading an answer takes several times its
   * size.
   */
  public static final int MAX_JSON =
      Math.clamp(Runtime.getRuntime().maxMemory() / 32, 8 << 20, 64 << 20);

  private static final Logger LOG = Logger.getLogger(Upstream.class.getName());

  /** Maximum size of an answer to a GET, in bytes. */
  public static final int MAX_LISTING = 8 << 20;

  /** Holds the state that all views of one SDK share. */
  private static final class Shared {
    final HttpTransport transport;
    final ScheduledThreadPoolExecutor clock;
    final Set<UpstreamCall> running = ConcurrentHashMap.newKeySet();
    final Optional<CallListener> listener;
    volatile boolean closed;

    Shared(LmStudioSettings settings, Optional<CallListener> listener, JsonSender.Factory sender) {
      this.listener = listener;
      transport = new HttpTransport(settings, sender);
      clock =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().daemon().name("lmstudio-clock").factory());
      clock.setRemoveOnCancelPolicy(true);
      // After shutdown, every call is stopped and needs no limits.
      clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }
  }

  private final Shared shared;
  private final boolean owner;
  private final CallOptions options;
  private final LmStudioSettings settings;
  private final ErrorAnswers errors;
  private volatile Gate gate = Gate.OPEN;

  /**
   * @param listener receives a record of every call; may be empty
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  public Upstream(LmStudioSettings settings, Optional<CallListener> listener) {
    this(settings, listener, null);
  }

  /**
   * Creates an upstream with another client for plain JSON.
   *
   * @param sender creates that client; if null, the JAX-RS client also sends plain JSON
   */
  public Upstream(
      LmStudioSettings settings, Optional<CallListener> listener, JsonSender.Factory sender) {
    AllowedHosts.parse(settings.allowedHosts()).check(settings.baseUrl());
    this.shared = new Shared(settings, listener, sender);
    this.owner = true;
    this.options = CallOptions.NONE;
    this.settings = settings;
    this.errors = new ErrorAnswers(settings);
  }

  private Upstream(Upstream origin, CallOptions options) {
    this.shared = origin.shared;
    this.owner = false;
    this.options = options.over(origin.options);
    this.settings = options.over(origin.settings);
    this.errors = origin.errors.with(settings);
  }

  /** Returns a view for calls with these options. Closing a view has no effect. */
  public Upstream with(CallOptions some) {
    return new Upstream(this, some);
  }

  public LmStudioSettings settings() {
    return settings;
  }

  /** Returns the mapping of error answers. */
  public ErrorAnswers errors() {
    return errors;
  }

  /** Sets the gate that decides what may be sent from now on. */
  public void guardBy(Gate value) {
    gate = value;
  }

  Gate gate() {
    return gate;
  }

  /** Begins a call that generates: {@linkplain UpstreamCall#run run} it. */
  public UpstreamCall generation(CallMethod method) {
    Limits limits = settings.limits();
    return generation(method, limits.firstToken(), limits.idle(), settings.maxRetries());
  }

  /**
   * Begins a call that may take as long as a generation, but sends no tokens: audio, images,
   * loading a model. {@linkplain UpstreamCall#run Run} it.
   */
  public UpstreamCall work(CallMethod method) {
    return generation(method, Duration.ZERO, Duration.ZERO, settings.maxRetries());
  }

  /**
   * Begins such a call whose request cannot be sent twice, such as a recording that can only be
   * read once.
   */
  public UpstreamCall workOnce(CallMethod method) {
    return generation(method, Duration.ZERO, Duration.ZERO, 0);
  }

  private UpstreamCall generation(
      CallMethod method, Duration firstToken, Duration idle, int retries) {
    StopSwitch stop = new StopSwitch();
    Duration whole = settings.limits().generation();
    TimeLimits limits = TimeLimits.ofGeneration(shared.clock, stop, whole, firstToken, idle);
    return call(method, stop, limits, retries, true);
  }

  /** Begins a call that generates nothing: {@linkplain UpstreamCall#run run} it. */
  public UpstreamCall plain(CallMethod method) {
    return plain(method, settings.maxRetries(), true, settings.limits().call());
  }

  /**
   * Begins a call that is also sent to servers that are too old. {@linkplain UpstreamCall#run Run}
   * it, or close it if it is part of other calls, which have their own records.
   */
  public UpstreamCall probe(CallMethod method, int retries) {
    return plain(method, retries, false, settings.limits().call());
  }

  /**
   * Begins a call that does a part of the work of {@code waiting}, and of other calls that share
   * this work. It has the retries that {@code waiting} has left. It has no time limit, because the
   * waiting calls have limits. The caller must close it, which writes no record.
   */
  public UpstreamCall partOf(UpstreamCall waiting, CallMethod method) {
    return plain(method, waiting.retriesLeft(), waiting.refusable(), Duration.ZERO);
  }

  private UpstreamCall plain(CallMethod method, int retries, boolean refusable, Duration limit) {
    StopSwitch stop = new StopSwitch();
    TimeLimits limits = TimeLimits.ofCall(shared.clock, stop, limit);
    return call(method, stop, limits, retries, refusable);
  }

  private UpstreamCall call(
      CallMethod method, StopSwitch stop, TimeLimits limits, int retries, boolean refusable) {
    UpstreamCall call =
        new UpstreamCall(
            stop,
            limits,
            new RetryBudget(retries),
            refusable,
            new CallTrace(method),
            this,
            shared.running::remove);
    shared.running.add(call);
    if (shared.closed) {
      stop(call);
    }
    return call;
  }

  /**
   * Returns a request as part of a call.
   *
   * @param path relative path, with an encoded query if there is one
   */
  public Invocation.Builder request(String path, String accept, UpstreamCall call) {
    return shared.transport.request(path, accept, settings, call.exchange());
  }

  /**
   * Gets JSON.
   *
   * @param path relative path, with an encoded query if there is one
   * @throws UnexpectedAnswerException if the status is not 200
   */
  public HttpAnswer get(String path, UpstreamCall call) throws IOException {
    return shared.transport.get(path, MAX_LISTING, marks(call));
  }

  /**
   * Posts JSON and reads the JSON answer.
   *
   * @throws UnexpectedAnswerException if the status is not 200
   */
  public HttpAnswer post(String path, JsonObject body, UpstreamCall call) throws IOException {
    return shared.transport.post(path, body, MAX_JSON, marks(call));
  }

  private RequestMarks marks(UpstreamCall call) {
    return new RequestMarks(settings, call.exchange());
  }

  /** Reports a call that has ended to the listener, if there is one. */
  void tell(BiFunction<CallOptions, Redaction, CallRecord> record) {
    shared.listener.ifPresent(
        listener -> {
          try {
            listener.onCall(record.apply(options, errors.redaction()));
          } catch (RuntimeException | Error theListeners) {
            LOG.log(
                Level.WARNING,
                "A CallListener threw an exception; the call is not affected",
                theListeners);
          }
        });
  }

  private static void stop(UpstreamCall call) {
    call.stop()
        .stop(new CancelledException("The SDK was closed", "Connect again to continue.", null));
  }

  /** Cancels all running and later calls, and frees the timer and the connections. */
  @Override
  public void close() {
    if (!owner) {
      return;
    }
    shared.closed = true;
    shared.running.forEach(Upstream::stop);
    shared.clock.shutdownNow();
    shared.transport.close();
  }
}
