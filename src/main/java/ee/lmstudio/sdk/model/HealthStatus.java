package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How LM Studio is. What it does not say is empty.
 *
 * @param status {@code ok}, or what LM Studio's {@code /health} says
 * @param lmstudioVersion as it is told, or as far as the surfaces that answer tell: {@code 0.4.0+}
 * @param versionDetectedBy what told the version
 * @param apiVersion of the 0.2 family
 * @param modelsLoaded how many models are loaded
 * @param uptime since LM Studio started
 * @param json the body of {@code /health} whole; the empty object if there is none
 */
public record HealthStatus(
    String status,
    Optional<String> lmstudioVersion,
    DetectedBy versionDetectedBy,
    Optional<String> apiVersion,
    OptionalInt modelsLoaded,
    Optional<Duration> uptime,
    JsonObject json) {
  /** Checks that nothing is null. */
  public HealthStatus {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(lmstudioVersion, "lmstudioVersion");
    Objects.requireNonNull(versionDetectedBy, "versionDetectedBy");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(modelsLoaded, "modelsLoaded");
    Objects.requireNonNull(uptime, "uptime");
    Objects.requireNonNull(json, "json");
  }

  /**
   * Reads the body of {@code /health}; what is not as it should be counts as not said.
   *
   * @param json the body
   * @return the status
   */
  public static HealthStatus of(JsonObject json) {
    Optional<String> version = JsonText.string(json, "lmstudio_version");
    OptionalLong uptime = JsonText.whole(json, "uptime_ms");
    return new HealthStatus(
        JsonText.string(json, "status").orElse("ok"),
        version,
        version.isPresent() ? DetectedBy.HEALTH : DetectedBy.NOTHING,
        JsonText.string(json, "api_version"),
        count(JsonText.whole(json, "models_loaded")),
        uptime.isPresent() ? Optional.of(Duration.ofMillis(uptime.getAsLong())) : Optional.empty(),
        json);
  }

  private static OptionalInt count(OptionalLong number) {
    long count = number.orElse(-1);
    return count >= 0 && count <= Integer.MAX_VALUE
        ? OptionalInt.of((int) count)
        : OptionalInt.empty();
  }

  /**
   * {@return the same, with a version that something else told}
   *
   * @param version empty if nothing tells it
   * @param by what told it
   */
  public HealthStatus withVersion(Optional<ServerVersion> version, DetectedBy by) {
    return new HealthStatus(
        status, version.map(ServerVersion::toString), by, apiVersion, modelsLoaded, uptime, json);
  }

  /** {@return what LM Studio's {@code /health} says, or would say if it had one} */
  public JsonObject toJson() {
    JsonObjectBuilder all = JSON.createObjectBuilder(json).add("status", status);
    lmstudioVersion.ifPresent(version -> all.add("lmstudio_version", version));
    apiVersion.ifPresent(version -> all.add("api_version", version));
    modelsLoaded.ifPresent(count -> all.add("models_loaded", count));
    uptime.ifPresent(time -> all.add("uptime_ms", time.toMillis()));
    return all.build();
  }
}
