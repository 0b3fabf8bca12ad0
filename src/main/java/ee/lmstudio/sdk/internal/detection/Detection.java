package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.PermanentException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.internal.detection.JsonEndpoints.Found;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Detects LM Studio's version, once for all callers that ask at the same time. */
final class Detection {
  private static final String API_V1 = "api/v1/models";
  private static final Duration RENEWED_AFTER = Duration.ofMinutes(1);

  /** Shorter, because a version that is too old makes every call fail. */
  private static final Duration TOO_OLD_RENEWED_AFTER = Duration.ofSeconds(5);

  private final KnownServer server;
  private final JsonEndpoints endpoints;
  private final Upstream upstream;
  private final Object signIn;

  Detection(Upstream upstream, KnownServer server) {
    this.server = server;
    this.endpoints = new JsonEndpoints(upstream);
    this.upstream = upstream;
    // Views with the same key share one detection.
    LmStudioSettings settings = upstream.settings();
    this.signIn = List.of(settings.apiKey(), settings.extraHeaders());
  }

  /**
   * Returns what is known about the server, and asks the server if nothing is known.
   *
   * @param waiting the call that waits; if it is stopped, the wait ends
   * @throws LmStudioException if LM Studio cannot be reached, or refuses the key
   */
  ServerCapabilities current(UpstreamCall waiting) {
    return server
        .current()
        .orElseGet(
            () ->
                server
                    .detections
                    .await(
                        signIn,
                        waiting,
                        Duration.ZERO,
                        () -> upstream.probe(CallMethod.CAPABILITIES, 0),
                        call -> new Questions(call).ask())
                    .orElseThrow());
  }

  /**
   * Returns what was detected recently, and asks the server otherwise. The SDK refuses calls only
   * because of a recent result, since LM Studio may have been updated.
   */
  ServerCapabilities renewed(UpstreamCall waiting) {
    server.forgetOlderThan(server.refusal().isPresent() ? TOO_OLD_RENEWED_AFTER : RENEWED_AFTER);
    return current(waiting);
  }

  /**
   * Waits until it is known whether the server is too old, unless {@link FloorChecks} says that the
   * version was checked. Current servers need one request for this check.
   *
   * @param waiting the call that waits; if it is stopped, the wait ends
   * @param limit how long to wait; zero for no limit. A server that does not answer in this time is
   *     not refused
   * @throws ConnectionException if nothing could be sent to the server
   */
  void checkFloor(UpstreamCall waiting, Duration limit) {
    if (!server.floor.due(signIn) || !waiting.firstToCheckTheVersion()) {
      return;
    }
    // A caller that cancels before anything is sent must not cause a request.
    waiting.stop().throwIfStopped();
    FloorChecks.Begin begin = server.floor.begin();
    Optional<FloorChecks.Result> result =
        server.checks.await(
            signIn,
            waiting,
            limit,
            () -> upstream.probe(CallMethod.CAPABILITIES, 0),
            call -> new Questions(call).checkFloor());
    server.floor.ended(begin, signIn, result.orElse(FloorChecks.Result.NONE));
  }

  /** Sends the requests of one detection. Used by one thread. */
  private final class Questions {
    private final UpstreamCall call;
    private boolean doubtful;
    private boolean withoutApiV1;

    Questions(UpstreamCall call) {
      this.call = call;
    }

    /**
     * Checks whether the server is too old. A server with {@code /api/v1} is recent enough; for all
     * others, the whole detection runs.
     */
    FloorChecks.Result checkFloor() {
      try {
        withoutApiV1 = look(API_V1, "models").isEmpty();
        if (withoutApiV1) {
          ask();
        }
        return doubtful ? FloorChecks.Result.NONE : FloorChecks.Result.DONE;
      } catch (ConnectionException failed) {
        if (!call.connected()) {
          throw failed;
        }
        return FloorChecks.Result.NONE;
      } catch (AuthenticationException refused) {
        // The generation itself receives the same answer and reports it.
        return FloorChecks.Result.KEY_REFUSED;
      } catch (TimeoutException late) {
        return FloorChecks.Result.NONE;
      }
    }

    ServerCapabilities ask() {
      VersionEvidence seen =
          look("health", "lmstudio_version")
              .map(VersionEvidence::ofHealth)
              .orElse(VersionEvidence.NONE);
      if (seen.version().isEmpty()) {
        seen =
            look("v1/models", "data").map(VersionEvidence::ofListing).orElse(VersionEvidence.NONE);
      }
      if (seen.version().isPresent()) {
        return server.found(seen);
      }
      boolean apiV1 = !withoutApiV1 && look(API_V1, "models").isPresent();
      seen =
          VersionEvidence.ofEndpoints(apiV1, !apiV1 && look("api/v0/models", "data").isPresent());
      return doubtful ? server.guessed(seen) : server.found(seen);
    }

    private Optional<Found> look(String path, String field) {
      try {
        return Optional.of(endpoints.get(path, Set.of(field), call));
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
