package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.HealthStatus;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

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
    Optional<JsonObject> health =
        surface
            .find("health", call)
            .map(Surface.Found::json)
            .filter(json -> json.containsKey("status") || json.containsKey("lmstudio_version"));
    return health.map(Health::stated).orElseGet(() -> seen(call));
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

  /** Current LM Studio has no health address: it is well if it greets or lists its models. */
  private HealthStatus seen(UpstreamCall call) {
    boolean greets =
        surface
            .find("lmstudio-greeting", call)
            .map(found -> found.json().getBoolean("lmstudio", false))
            .orElse(false);
    ModelListing.Merged merged = models.merged(call);
    if (!greets && !merged.anySurface()) {
      throw new ProtocolException(
          "Something answers, but neither greets nor lists models as LM Studio does",
          "Is there a proxy, or another program on this port? Check lm-studio.base-url.",
          null);
    }
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
