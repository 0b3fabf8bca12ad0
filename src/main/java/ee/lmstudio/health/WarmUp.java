package ee.lmstudio.health;

import ee.lmstudio.access.AccessTokens;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Priorities;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.filter.ApiGate;
import ee.lmstudio.run.Runs;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.server.PackagedServer;
import ee.lmstudio.server.ServerReady;
import ee.lmstudio.server.ServerWarm;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Warms the server before it reports ready: for {@code lm-studio.warm-up}, the server sends
 * requests to itself, which a simulator answers. So the classes are loaded and the code is compiled
 * before the first caller comes. Meanwhile, the API answers 503 to all other callers.
 *
 * <p>The requests take the way of every other request, but leave nothing behind: LM Studio is not
 * called, no call is reported, no CDI event is fired, no limit counts them, and their streams are
 * removed.
 */
@Readiness
@ApplicationScoped
public class WarmUp implements HealthCheck {
  static final String NAME = "warm-up";

  /** No access token can have this name. */
  static final String CALLER = "(warm-up)";

  /** Enough for the streams of {@link SelfCalls} to overlap without a pause. */
  private static final Speed SPEED = new Speed(200, Duration.ZERO);

  /** How long the requests may take to end after the warm-up. */
  private static final Duration TO_END = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());

  @Inject ServerSettings settings;
  @Inject ServerAddress address;
  @Inject AccessTokens tokens;
  @Inject ApiGate gate;
  @Inject Upstreams upstreams;
  @Inject Runs runs;
  @Inject Event<ServerWarm> warm;

  private volatile boolean warming;
  private volatile Thread thread;

  /** Closes the API before the server answers its first request. */
  void prepare(
      @Observes @Priority(Priorities.SERVICES) @Initialized(ApplicationScoped.class) Object app) {
    // Another server tells its port only with the first request.
    warming =
        !settings.warmUp().isZero()
            && settings.enabled()
            && tokens.anyConfigured()
            && address.isKnown();
    if (warming) {
      gate.admitOnly(CALLER);
    }
  }

  void begin(@Observes ServerReady answers) {
    if (warming) {
      thread = Thread.ofPlatform().daemon().name("lmstudio-warm-up").start(this::run);
    } else {
      ready();
    }
  }

  private void run() {
    try {
      warm();
    } catch (InterruptedException stopping) {
      return; // A server that is stopping does not become ready.
    } catch (RuntimeException | Error defect) {
      LOG.log(
          System.Logger.Level.WARNING, "The server could not warm itself, and starts cold", defect);
    }
    warming = false;
    gate.admitAll();
    ready();
  }

  private void ready() {
    PackagedServer.ready();
    warm.fire(new ServerWarm());
  }

  private void warm() throws InterruptedException {
    AccessToken own = tokens.createOwn(CALLER);
    String key = own.token().reveal();
    try (SocketSimulator lmStudio =
        SocketSimulator.start(SimulatorSettings.defaults().withSpeed(SPEED).withApiTokens(key))) {
      upstreams.reserve(
          CALLER, LmStudioSettings.builder().baseUrl(lmStudio.url()).apiKey(own.token()).build());
      try (SelfCalls calls = new SelfCalls(address.http(), key)) {
        calls.run(settings.warmUp(), TO_END);
        LOG.log(System.Logger.Level.INFO, calls.report());
      }
    } finally {
      tokens.revokeOwn();
      runs.forget(CALLER);
      upstreams.endReservation();
    }
  }

  /** Ends the warm-up early if the server is stopped meanwhile. */
  void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object app) {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named(NAME).status(!warming).build();
  }
}
