package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.Limits;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * LM Studio, as one set of settings reaches it. For any thread; owns the clock of all its calls.
 */
public final class Upstream implements AutoCloseable {
  /** Longest JSON that answers a post, in bytes. */
  public static final int MAX_JSON = 64 << 20;

  private static final int MAX_LISTING = 8 << 20;

  private final LmStudioSettings settings;
  private final HttpTransport transport;
  private final ErrorAnswers errors;
  private final ScheduledThreadPoolExecutor clock;
  private final Set<UpstreamCall> running = ConcurrentHashMap.newKeySet();
  private volatile Gate gate = Gate.OPEN;
  private volatile boolean closed;

  /**
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  public Upstream(LmStudioSettings settings) {
    AllowedHosts.parse(settings.allowedHosts()).check(settings.baseUrl());
    this.settings = settings;
    this.transport = new HttpTransport(settings);
    this.errors = new ErrorAnswers(settings);
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("lmstudio-clock").factory());
    clock.setRemoveOnCancelPolicy(true);
    // Once it is shut down, every call is stopped anyway and needs no limits.
    clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  public LmStudioSettings settings() {
    return settings;
  }

  /** Reads error answers. */
  public ErrorAnswers errors() {
    return errors;
  }

  /** Decides what may be sent from now on. */
  public void guardBy(Gate value) {
    gate = value;
  }

  Gate gate() {
    return gate;
  }

  /** Begins a call that generates. Close it. */
  public UpstreamCall generation() {
    Limits limits = settings.limits();
    return generation(limits.firstToken(), limits.idle(), settings.maxRetries());
  }

  /**
   * Begins a call that works as long as a generation may, and brings no tokens meanwhile: audio,
   * images, a model that is loaded. Close it.
   */
  public UpstreamCall work() {
    return generation(Duration.ZERO, Duration.ZERO, settings.maxRetries());
  }

  /** The same for what cannot be sent twice, such as a recording that can be read once. */
  public UpstreamCall workOnce() {
    return generation(Duration.ZERO, Duration.ZERO, 0);
  }

  private UpstreamCall generation(Duration firstToken, Duration idle, int retries) {
    StopSwitch stop = new StopSwitch();
    return call(
        stop,
        TimeLimits.ofGeneration(clock, stop, settings.limits().generation(), firstToken, idle),
        retries,
        true);
  }

  /** Begins a call that generates nothing. Close it. */
  public UpstreamCall plain() {
    return plain(settings.maxRetries(), true);
  }

  /** Begins a call that asks whoever is there, too old ones as well. Close it. */
  public UpstreamCall probe(int retries) {
    return plain(retries, false);
  }

  private UpstreamCall plain(int retries, boolean refusable) {
    StopSwitch stop = new StopSwitch();
    return call(stop, TimeLimits.ofCall(clock, stop, settings.limits().call()), retries, refusable);
  }

  private UpstreamCall call(StopSwitch stop, TimeLimits limits, int retries, boolean refusable) {
    UpstreamCall call =
        new UpstreamCall(stop, limits, new RetryBudget(retries), refusable, this, running::remove);
    running.add(call);
    if (closed) {
      stop(call);
    }
    return call;
  }

  /** A request to {@code path} as part of a call. */
  public Invocation.Builder request(String path, String accept, UpstreamCall call) {
    return transport.request(path, accept, call.exchange());
  }

  /**
   * Gets JSON.
   *
   * @throws UnexpectedAnswerException if the status is not 200
   */
  public HttpAnswer get(String path, UpstreamCall call) throws IOException {
    return read(request(path, MediaType.APPLICATION_JSON, call).buildGet(), MAX_LISTING);
  }

  /**
   * Posts JSON for JSON.
   *
   * @throws UnexpectedAnswerException if the status is not 200
   */
  public HttpAnswer post(String path, JsonObject body, UpstreamCall call) throws IOException {
    Entity<String> entity = Entity.json(body.toString());
    return read(request(path, MediaType.APPLICATION_JSON, call).buildPost(entity), MAX_JSON);
  }

  private static HttpAnswer read(Invocation invocation, int longest) throws IOException {
    try (Response response = invocation.invoke()) {
      HttpAnswer answer = HttpAnswer.read(response, longest);
      if (answer.status() != 200) {
        throw new UnexpectedAnswerException(answer);
      }
      return answer;
    } catch (ProcessingException e) {
      throw Failures.unwrap(e);
    }
  }

  private static void stop(UpstreamCall call) {
    call.stop().stop(new CancelledException("The SDK was closed", "Connect again to go on.", null));
  }

  /** Cancels what runs, and all later calls, and frees clock and connections. */
  @Override
  public void close() {
    closed = true;
    running.forEach(Upstream::stop);
    clock.shutdownNow();
    transport.close();
  }
}
