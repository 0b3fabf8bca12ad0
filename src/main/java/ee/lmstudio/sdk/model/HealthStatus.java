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
 * Holds LM Studio's status. Values that LM Studio does not send are empty.
 *
 * @param status {@code ok}, or the status in the body of {@code /health}
 * @param lmstudioVersion the exact version, or a lower bound such as {@code 0.4.0+}
 * @param versionDetectedBy the source of the version
 * @param apiVersion API version; only versions 0.2.x send it
 * @param modelsLoaded number of loaded models
 * @param uptime time since LM Studio started
 * @param json the whole body of {@code /health}; an empty object if there is none
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
   * Reads the body of {@code /health}. Invalid values are ignored.
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
        version.isPresent() ? DetectedBy.HEALTH : DetectedBy.UNKNOWN,
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
   * {@return the same status with a version from another source}
   *
   * @param version the version; empty if unknown
   * @param by the source of the version
   */
  public HealthStatus withVersion(Optional<ServerVersion> version, DetectedBy by) {
    return new HealthStatus(
        status, version.map(ServerVersion::toString), by, apiVersion, modelsLoaded, uptime, json);
  }

  /**
   * {@return the status as JSON in the format of LM Studio's {@code /health}, also if LM Studio has
   * no such endpoint}
   */
  public JsonObject toJson() {
    JsonObjectBuilder all = JSON.createObjectBuilder(json).add("status", status);
    lmstudioVersion.ifPresent(version -> all.add("lmstudio_version", version));
    apiVersion.ifPresent(version -> all.add("api_version", version));
    modelsLoaded.ifPresent(count -> all.add("models_loaded", count));
    uptime.ifPresent(time -> all.add("uptime_ms", time.toMillis()));
    return all.build();
  }
}
