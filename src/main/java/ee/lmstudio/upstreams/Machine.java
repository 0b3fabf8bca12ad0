package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.HttpSdk;
import ee.lmstudio.sdk.internal.http.Upstream;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * One upstream, which is one LM Studio, and what belongs to it alone: its connections, circuit
 * breakers, limits, health, model states, capabilities and telemetry. A fault of one upstream does
 * not affect others. Thread-safe.
 */
public final class Machine implements AutoCloseable {
  /** How long an upstream may take to answer the health check. */
  public static final Duration HEALTH_LIMIT = Duration.ofSeconds(2);

  private final URI address;
  private final HttpSdk connection;
  private final GuardedSdk sdk;
  private final ModelStates models;
  private final HealthProbe health;

  /**
   * Creates the upstream without a connection; the first call connects.
   *
   * @param name name in the configuration, in messages and in telemetry
   * @param settings how to reach the upstream
   * @param guards when calls are paused, and how many may run at once
   * @param timeouts catches calls that the SDK's own limits could not end
   * @param telemetry receives a record of every call to this upstream
   */
  Machine(
      String name,
      LmStudioSettings settings,
      ServerSettings.Guards guards,
      CallTimeouts timeouts,
      CallListener telemetry) {
    this.address = settings.baseUrl();
    this.connection = RestClientJson.connect(settings, telemetry);
    this.sdk =
        new GuardedSdk(
            connection,
            new Guard(
                name, guards, guards.maxPlain(), "lm-studio.max-plain-calls", Clock.systemUTC()),
            new Guard(
                name, guards, guards.maxWork(), "lm-studio.max-work-calls", Clock.systemUTC()),
            timeouts,
            telemetry);
    this.models = new ModelStates(sdk, System::nanoTime);
    this.health = new HealthProbe(connection::healthCheck, HEALTH_LIMIT, InstantSource.system());
  }

  /** Returns the address of this upstream. */
  public URI address() {
    return address;
  }

  /** Returns the SDK for this upstream; its calls that are not generations are guarded. */
  public SdkContract sdk() {
    return sdk;
  }

  /**
   * Returns the SDK without guards, for work behind a run: it has waited for its turn already, and
   * what fails for one caller must not stop the calls of others.
   */
  public SdkContract unguarded() {
    return connection;
  }

  /**
   * Passes a request on that generates, and its answer to the observer. Such calls are not guarded,
   * as the SDK's generations are not.
   *
   * @throws LmStudioException if the answer is not complete. The observer was told before.
   */
  public void relay(Relay.Request request, CallOptions options, Relay.Observer observer) {
    new Relay(connection.upstream(options), request, observer).run();
  }

  /**
   * Passes on a request that does not generate and has no body.
   *
   * @param path relative to LM Studio's address, with an encoded query if there is one
   */
  public Relay.Answer relay(String method, String path, CallOptions options) {
    Upstream upstream = connection.upstream(options);
    return sdk.with(options).plain(CallMethod.RELAY, () -> Relay.send(upstream, method, path));
  }

  /**
   * Downloads a model. Interrupting the thread ends the wait.
   *
   * @param body the request, with {@code model}
   * @param progress receives the part that was downloaded, 0 to 1, whenever it is known
   * @return LM Studio's last answer
   */
  public JsonObject download(
      JsonObject body, CallOptions options, Consumer<OptionalDouble> progress) {
    return new ModelDownload(connection.upstream(options), new DownloadPatience(System::nanoTime))
        .run(body, progress);
  }

  /**
   * Returns the version and the capabilities of this machine. Asks it only if they are not known.
   */
  public ServerCapabilities capabilities(CallOptions options) {
    return connection.with(options).knownCapabilities();
  }

  /** Returns the states of this machine's models. */
  public ModelStates models() {
    return models;
  }

  /**
   * Returns why this machine cannot be used, as the code of an error; empty if it can. Waits at
   * most {@link #HEALTH_LIMIT}; callers at the same time share one check.
   */
  public Optional<String> fault() {
    return health.fault();
  }

  /** Ends the calls that are still running, as cancelled, and closes all connections. */
  @Override
  public void close() {
    health.close();
    connection.close();
  }
}
