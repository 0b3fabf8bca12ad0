package ee.lmstudio.sdk.capability;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes what is known about the LM Studio server. Features that the settings switch off ({@code
 * enable-audio}, {@code enable-images}) do not appear here, because this record describes the
 * server only.
 *
 * @param version the server's version; empty if unknown
 * @param detectedBy the source of the version
 * @param learned capabilities that calls have confirmed or refuted since ({@link Support#YES} or
 *     {@link Support#NO}); they take precedence over the table
 * @param detectedAt when the version was detected, or the detection failed
 */
public record ServerCapabilities(
    Optional<ServerVersion> version,
    DetectedBy detectedBy,
    Map<Capability, Support> learned,
    Instant detectedAt) {
  /**
   * Checks the values, and copies the collections.
   *
   * @throws IllegalArgumentException if a value is invalid; the message names the value
   */
  public ServerCapabilities {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(detectedBy, "detectedBy");
    learned = Map.copyOf(learned);
    Objects.requireNonNull(detectedAt, "detectedAt");
    if (version.isPresent() == (detectedBy == DetectedBy.UNKNOWN)) {
      throw new IllegalArgumentException(
          "The version %s cannot have been detected by %s".formatted(version, detectedBy));
    }
  }

  /** {@return the row of {@link CompatibilityMatrix} that contains the version} */
  public CompatibilityMatrix.Row row() {
    return CompatibilityMatrix.row(version);
  }

  /**
   * {@return whether the server has {@code capability}: as calls have shown, or else by the table}
   *
   * @param capability the capability to look up
   */
  public Support support(Capability capability) {
    return learned.getOrDefault(capability, row().support(capability));
  }

  /**
   * {@return whether the server certainly has {@code capability}}
   *
   * @param capability the capability to look up
   */
  public boolean has(Capability capability) {
    return support(capability) == Support.YES;
  }

  /** {@return the support for every capability} */
  public Map<Capability, Support> all() {
    Map<Capability, Support> all = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      all.put(capability, support(capability));
    }
    return all;
  }

  /**
   * {@return this record as JSON, for tools: {@code version}, {@code detected_by}, {@code
   * capabilities} …}
   */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    version.ifPresent(v -> json.add("version", v.toString()));
    JsonObjectBuilder each = JSON.createObjectBuilder();
    all().forEach((capability, support) -> each.add(capability.id(), support.id()));
    return json.add("detected_by", detectedBy.id())
        .add("detected_at", detectedAt.toString())
        .add("versions", row().versions())
        .add("capabilities", each)
        .build();
  }
}
