package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.HealthStatus;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Asks how LM Studio is: {@code /health} of the 0.2 family, else what newer ones offer. */
public final class Health {
  private final Surface surface;
  private final ModelListing models;

  public Health(Upstream upstream, ModelListing models) {
    this.surface = new Surface(upstream);
    this.models = models;
  }

  /** Throws what went wrong if LM Studio does not answer, or something else does. */
  public HealthStatus check(UpstreamCall call) {
    return surface
        .find("health", Set.of("status", "lmstudio_version"), call)
        .map(found -> stated(found.json()))
        .orElseGet(() -> seen(call));
  }

  private static HealthStatus stated(JsonObject json) {
    OptionalLong loaded = JsonText.whole(json, "models_loaded");
    OptionalLong uptime = JsonText.whole(json, "uptime_ms");
    return new HealthStatus(
        JsonText.string(json, "status").orElse("ok"),
        JsonText.string(json, "lmstudio_version"),
        JsonText.string(json, "api_version"),
        loaded.isPresent() ? OptionalInt.of((int) loaded.getAsLong()) : OptionalInt.empty(),
        uptime.isPresent() ? Optional.of(Duration.ofMillis(uptime.getAsLong())) : Optional.empty());
  }

  /** Current LM Studio has no health address: it is well if it lists its models. */
  private HealthStatus seen(UpstreamCall call) {
    ModelListing.Merged merged = models.merged(call);
    long loaded =
        merged.models().stream()
            .filter(m -> m.state().filter("loaded"::equals).isPresent())
            .count();
    boolean told = merged.models().stream().anyMatch(m -> m.state().isPresent());
    return new HealthStatus(
        "ok",
        merged.version(),
        Optional.empty(),
        told ? OptionalInt.of((int) loaded) : OptionalInt.empty(),
        Optional.empty());
  }
}
