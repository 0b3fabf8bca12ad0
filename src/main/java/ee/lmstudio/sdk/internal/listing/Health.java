package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.internal.detection.JsonEndpoints;
import ee.lmstudio.sdk.internal.detection.KnownServer;
import ee.lmstudio.sdk.internal.detection.VersionEvidence;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Asks LM Studio for its status: with {@code /health} of the 0.2 family, or else with the model
 * listings of newer versions. Also detects the version again.
 */
public final class Health {
  private final JsonEndpoints endpoints;
  private final ModelListing models;
  private final KnownServer server;

  public Health(Upstream upstream, ModelListing models, KnownServer server) {
    this.endpoints = new JsonEndpoints(upstream);
    this.models = models;
    this.server = server;
  }

  /**
   * Returns the status. Throws an exception if LM Studio does not answer or is too old, or if
   * another program answers.
   */
  public HealthStatus check(UpstreamCall call) {
    HealthStatus status =
        endpoints
            .find("health", Set.of("status", "lmstudio_version"), call)
            .map(this::stated)
            .orElseGet(() -> seen(call));
    server
        .refusal()
        .ifPresent(
            tooOld -> {
              throw tooOld;
            });
    return status;
  }

  private HealthStatus stated(JsonEndpoints.Found health) {
    VersionEvidence seen = VersionEvidence.ofHealth(health);
    if (seen.version().isPresent()) {
      server.found(seen);
    }
    HealthStatus stated = HealthStatus.of(health.json());
    return stated.lmstudioVersion().isPresent()
        ? stated
        : server
            .current()
            .map(now -> stated.withVersion(now.version(), now.detectedBy()))
            .orElse(stated);
  }

  /**
   * Returns the status of a version without {@code /health}, which is healthy if it lists its
   * models.
   */
  private HealthStatus seen(UpstreamCall call) {
    ModelListing.Merged merged = models.all(call);
    server.found(merged.seen());
    long loaded = merged.models().stream().filter(ModelSummary::loaded).count();
    boolean told = merged.models().stream().anyMatch(m -> m.state().isPresent());
    HealthStatus well =
        new HealthStatus(
            "ok",
            Optional.empty(),
            DetectedBy.UNKNOWN,
            Optional.empty(),
            told ? OptionalInt.of((int) loaded) : OptionalInt.empty(),
            Optional.empty(),
            JsonValue.EMPTY_JSON_OBJECT);
    return well.withVersion(merged.seen().version(), merged.seen().by());
  }
}
