package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.PermanentException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.internal.detection.Surface.Found;
import ee.lmstudio.sdk.internal.http.SingleFlight;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Asks LM Studio who it is, once for all who want to know meanwhile. */
final class Detection {
  private static final String API_V1 = "api/v1/models";
  private static final Duration RENEWED_AFTER = Duration.ofMinutes(1);

  private final KnownServer server;
  private final Surface surface;
  private final Upstream upstream;
  private final SingleFlight<Class<Detection>, ServerCapabilities> flights = new SingleFlight<>();
  private final SingleFlight<Class<Detection>, Boolean> checks = new SingleFlight<>();

  Detection(Upstream upstream, KnownServer server) {
    this.server = server;
    this.surface = new Surface(upstream);
    this.upstream = upstream;
  }

  /**
   * What is known; asks if nothing is.
   *
   * @param waiting the call that wants to know, which ends the waiting when it is stopped
   * @throws LmStudioException if LM Studio cannot be reached, or refuses the key
   */
  ServerCapabilities current(UpstreamCall waiting) {
    return server
        .current()
        .orElseGet(
            () ->
                flights.join(
                    Detection.class,
                    waiting,
                    () -> upstream.probe(CallMethod.CAPABILITIES, 0),
                    call -> new Questions(call).ask()));
  }

  /**
   * The same, but nothing that was found more than a minute ago: who refuses by what is known shall
   * not refuse for long what was updated meanwhile.
   */
  ServerCapabilities renewed(UpstreamCall waiting) {
    server.forgetOlderThan(RENEWED_AFTER);
    return current(waiting);
  }

  /**
   * Waits until it is known whether the server is too old, if nobody asked since the start or the
   * last lost connection. Current servers need one request for that.
   *
   * @param waiting the call that wants to know, which ends the waiting when it is stopped
   * @param limit how long to wait; zero: until there is an answer. A server that does not answer in
   *     this time is not refused
   * @throws ConnectionException if nothing could be sent to the server
   */
  void checkFloor(UpstreamCall waiting, Duration limit) {
    if (!server.unchecked() || !waiting.firstToCheckTheVersion()) {
      return;
    }
    // A caller that cancels before anything is sent must not cause a request.
    waiting.stop().throwIfStopped();
    checks.join(
        Detection.class,
        waiting,
        limit,
        () -> upstream.probe(CallMethod.CAPABILITIES, 0),
        call -> {
          new Questions(call).checkFloor();
          return Boolean.TRUE;
        });
    server.checked();
  }

  /** The questions of one detection, by one thread. */
  private final class Questions {
    private final UpstreamCall call;
    private boolean doubtful;
    private boolean withoutApiV1;

    Questions(UpstreamCall call) {
      this.call = call;
    }

    /** Servers that have {@code /api/v1} are recent enough. All others are asked in full. */
    void checkFloor() {
      try {
        withoutApiV1 = look(API_V1, "models").isEmpty();
        if (withoutApiV1) {
          ask();
        }
      } catch (ConnectionException failed) {
        if (!call.connected()) {
          throw failed;
        }
      } catch (AuthenticationException | TimeoutException untold) {
        // The generation itself gets the same answer, and reports it.
      }
    }

    ServerCapabilities ask() {
      Sighting seen =
          look("health", "lmstudio_version").map(Sighting::ofHealth).orElse(Sighting.NOTHING);
      if (seen.version().isEmpty()) {
        seen = look("v1/models", "data").map(Sighting::ofListing).orElse(Sighting.NOTHING);
      }
      if (seen.version().isPresent()) {
        return server.found(seen);
      }
      boolean apiV1 = !withoutApiV1 && look(API_V1, "models").isPresent();
      seen = Sighting.ofSurfaces(apiV1, !apiV1 && look("api/v0/models", "data").isPresent());
      return doubtful ? server.guessed(seen) : server.found(seen);
    }

    private Optional<Found> look(String path, String field) {
      try {
        return Optional.of(surface.get(path, Set.of(field), call));
      } catch (AuthenticationException | CancelledException notToBeLearned) {
        throw notToBeLearned;
      } catch (PermanentException notOffered) {
        return Optional.empty();
      } catch (ServerException | RateLimitedException busy) {
        doubtful = true;
        return Optional.empty();
      }
    }
  }
}
